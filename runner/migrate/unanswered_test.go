package migrate

import (
	"context"
	"testing"
	"time"

	"godwit/runner/enginetest"
)

// A connection that is lost behind COMMIT does not tell whether the transaction was committed. In every mode, with several
// transactions under way, none is applied twice and none is lost: rows of the table without a key would be doubled in
// silence.
func TestCommitUnanswered(t *testing.T) {
	eachMode(t, families()[1], []string{modeOrdered, modeBatch, modeParallel, modeAuto}, func(t *testing.T, r *rig, mode string) {
		fillClub(r)
		r.pg(clubPg)
		proxy := enginetest.NewProxy(t, r.dstURL)
		task := r.task()
		task.Target.URL = proxy.URL
		task.Apply.Mode, task.Apply.Rows, task.Apply.Lanes, task.Apply.Wait = mode, 30, 4, 5*time.Millisecond
		opts := Options{Tables: club(r.schema), Hooks: clubHooks(r.dstURL), Until: Until{CaughtUp: true}}
		run(t, task, opts)
		busy(context.Background(), t, r, 1, 0, 400)
		r.my("INSERT INTO notes VALUES ('note', 100), ('note', 100), ('note', 100)")
		proxy.CutBehind("COMMIT", 3)
		run(t, task, opts)
		if cuts := proxy.CutBehind("", 1); cuts < 3 {
			t.Errorf("only %d commits were left unanswered", cuts)
		}
		sameClub(r)
	})
}
