package postgres

import (
	"context"
	"strconv"
	"time"

	"godwit/runner/change"
)

// Commit stores the position behind what was added and commits. Nothing of it is on the target before.
func (a *Applier) Commit(ctx context.Context, p change.Position, commit time.Time) error {
	if err := a.commit(ctx, p, commit); err != nil {
		return transient(err)
	}
	a.txs, a.changes = 0, 0
	return nil
}

// progressSent marks the statement that stores the position; it finds no row when another run has the next epoch.
const progressSent = "progress"

const progressSQL = `UPDATE godwit.progress SET position = $2, commit_time = $3, transactions = transactions + $4,
	changes = changes + $5, updated_at = now() WHERE task = $1 AND epoch = $6`

func (a *Applier) commit(ctx context.Context, p change.Position, commit time.Time) error {
	a.begin(ctx)
	if err := a.endRun(); err != nil {
		return err
	}
	params := [][]byte{[]byte(a.s.opts.Task), []byte(p.String()), []byte(commit.UTC().Format("2006-01-02 15:04:05.999999Z07:00")),
		strconv.AppendInt(nil, a.txs, 10), strconv.AppendInt(nil, a.changes, 10), strconv.AppendInt(nil, a.s.epoch, 10)}
	if commit.IsZero() {
		params[2] = nil
	}
	a.pipe.SendQueryParams(progressSQL, params, nil, nil, nil)
	a.sent = append(a.sent, sent{what: progressSent, expect: 1})
	if err := a.read(); err != nil {
		return err
	}
	a.pipe.SendQueryParams("COMMIT", nil, nil, nil, nil)
	a.sent = append(a.sent, sent{what: "commit", expect: -1})
	if err := a.read(); err != nil {
		return err
	}
	err := a.pipe.Close()
	a.pipe = nil
	return err
}
