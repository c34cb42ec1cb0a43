package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"godwit/runner/cutover"
	"godwit/runner/enginetest"
)

// backlogRows is how many changes wait when the cutover is called; a million with GODWIT_TEST_FAULTS=all.
func backlogRows() int {
	if os.Getenv("GODWIT_TEST_FAULTS") == "all" {
		return 1_000_000
	}
	return 100_000
}

// TestCutoverBehind calls the cutover while a backlog waits and a writer goes on. Refused, it leaves the source open and all
// that follows it as it was; waiting, it puts the fence up when little is left, and nothing is lost.
func TestCutoverBehind(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
		defer cancel()
		const rows = 10_000
		w := &way{mySource: newMySource(t, fresh, "behind"), ctx: ctx, dst: enginetest.FreshPostgres(t, 15, "behind")}
		w.source("CREATE TABLE big (id INT PRIMARY KEY, n INT NOT NULL, v VARCHAR(40))")
		w.source("CREATE TABLE account (id INT PRIMARY KEY, balance INT NOT NULL)")
		w.source("INSERT INTO account VALUES (1, 1000), (2, 1000), (3, 1000)")
		var values []string
		for i := range rows {
			values = append(values, fmt.Sprintf("(%d, 0, 'row')", i))
		}
		w.source("INSERT INTO big VALUES " + strings.Join(values, ", "))
		w.path = filepath.Join(t.TempDir(), "behind.yaml")
		text := fmt.Sprintf("name: behind\nsource: {url: %q}\ntarget: {url: %q}\n", w.url, w.dst)
		if err := os.WriteFile(w.path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		w.godwit(0, "migrate", w.path, "--until", "verified")
		for i := 0; i < backlogRows()/rows; i++ {
			w.source("UPDATE big SET n = n + 1, v = CONCAT('round ', n)")
		}
		time.Sleep(time.Second)
		writer := w.writer(func(ctx context.Context, r *rand.Rand, n int) error {
			tx, err := w.my.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			defer tx.Rollback()
			for _, q := range []string{
				fmt.Sprintf("UPDATE account SET balance = balance - 1 WHERE id = %d", 1+n%3), fmt.Sprintf("UPDATE account SET balance = balance + 1 WHERE id = %d", 1+(n+1)%3),
				fmt.Sprintf("UPDATE big SET v = 'w%d' WHERE id = %d", n, r.IntN(rows)),
			} {
				if _, err := tx.ExecContext(ctx, q); err != nil {
					return err
				}
			}
			return tx.Commit()
		})
		w.refusedBehind()
		w.cutoverBehind(writer)
	})
}

// refusedBehind: neither a dry run nor a refusal changes anything.
func (w *way) refusedBehind() {
	text := w.godwit(0, "cutover", w.path, "--dry-run", "--max-lag", "900ms")
	for _, want := range []string{"nothing was applied within 2s: no run of godwit migrate is at it", "pause ", "0.9 s at most for the last changes", "to compare 10003 rows"} {
		if !strings.Contains(text, want) {
			w.t.Errorf("the dry run does not say %q:\n%s", want, text)
		}
	}
	before := w.applied()
	w.godwit(exitDiffer, "cutover", w.path, "--dry-run", "--max-lag", "900ms", "--wait", "0s")
	w.godwit(exitFailed, "cutover", w.path, "--apps-stopped", "--max-lag", "900ms", "--wait", "0s")
	if text := w.err.String(); !strings.Contains(text, "too far behind for the fence") || !strings.Contains(text, "let godwit migrate follow") {
		w.t.Error(text)
	}
	if now := w.applied(); now != before {
		w.t.Errorf("what was refused was begun: %s, it was %s", now, before)
	}
	w.godwit(exitFailed, "cutover", w.path, "--apps-stopped", "--wait", "500ms", "--max-lag", "900ms")
	if text := w.err.String(); !strings.Contains(text, "after 500ms of catching up: applied up to ") || !strings.Contains(text, "run godwit migrate to go on") {
		w.t.Error(text)
	}
}

// applied is the position and the epoch of the task.
func (w *way) applied() string {
	w.t.Helper()
	var s struct {
		Applied string `json:"applied_position"`
		Runs    int64  `json:"runs"`
	}
	if err := json.Unmarshal([]byte(w.godwit(0, "status", w.path, "--json")), &s); err != nil {
		w.t.Fatal(err)
	}
	return fmt.Sprint(s)
}

// cutoverBehind switches under the writer, which stops at the fence, and compares.
func (w *way) cutoverBehind(writer *writer) {
	t := w.t
	p, err := openConverted(w.ctx, w.path)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	m, err := (&app{out: &w.out, err: &w.err}).mover(p, false)
	if err != nil {
		t.Fatal(err)
	}
	src, err := mysqlSource(w.ctx, p)
	if err != nil {
		t.Fatal(err)
	}
	defer src.Close()
	o := (&cutoverCmd{app: &app{out: &w.out, err: &w.err}, switchFlags: switchFlags{quiet: 100 * time.Millisecond, maxLag: 2 * time.Second}}).options(m, src)
	o.Fencer = stopper{writer}
	began := time.Now()
	res, err := cutover.Run(w.ctx, o)
	if err != nil || res.State != cutover.Switched || writer.ended != nil || writer.done < 20 {
		t.Fatalf("%v, %+v, %d transactions, %v\n%s", err, res, writer.done, writer.ended, w.err.String())
	}
	drained := res.Steps[2].Elapsed
	t.Logf("%d changes waited; %s; writers paused for %s, %s of them for the last changes; %s in all, %d transactions beside", backlogRows(), res.Steps[0].Detail, res.Pause, drained, time.Since(began), writer.done)
	// The last changes are those of one round that took no more than the limit, however many waited before.
	if drained > 10*time.Second {
		t.Errorf("the fence went up with %s of changes left", drained)
	}
	pg, err := pgx.Connect(w.ctx, w.dst)
	if err != nil {
		t.Fatal(err)
	}
	defer pg.Close(w.ctx)
	schema := pgx.Identifier{w.schema}.Sanitize()
	for _, q := range []string{"SELECT COUNT(*), CAST(SUM(n) AS CHAR(30)) FROM %s.big", "SELECT COUNT(*), CAST(SUM(balance) AS CHAR(30)) FROM %s.account"} {
		var n1, n2 int64
		var s1, s2 string
		if err := w.my.QueryRow(fmt.Sprintf(q, w.schema)).Scan(&n1, &s1); err != nil {
			t.Fatal(err)
		}
		if err := pg.QueryRow(w.ctx, fmt.Sprintf(q, schema)).Scan(&n2, &s2); err != nil {
			t.Fatal(err)
		}
		if n1 != n2 || strings.TrimSpace(s1) != strings.TrimSpace(s2) {
			t.Errorf("%s: %d %s on the source, %d %s on the target", q, n1, s1, n2, s2)
		}
	}
}
