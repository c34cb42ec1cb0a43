package main

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"godwit/runner/enginetest"
	"godwit/runner/repair"
	"godwit/runner/verify"
)

// godwitRun runs a command and returns its exit code and what it printed.
func godwitRun(args ...string) (code int, out, errOut string) {
	var o, e bytes.Buffer
	code = run(context.Background(), args, strings.NewReader(""), &o, &e)
	return code, o.String(), e.String()
}

// TestVerifyCommands goes through what verify, reload and status offer, on a small table beside a running migration.
func TestVerifyCommands(t *testing.T) {
	p := newPlanted(t, enginetest.FreshMariaDB, 2000)
	stop := p.follow()
	p.consistent()
	p.searchPath()
	want := p.plant(19)
	code, out, told := godwitRun("verify", p.task, "--repair", "--dry-run")
	var name, metadata string
	if err := p.my.QueryRow("SHOW GLOBAL VARIABLES LIKE 'binlog_row_metadata'").Scan(&name, &metadata); err != nil {
		t.Fatal(err)
	}
	if metadata != "FULL" && !strings.Contains(told, "SET GLOBAL binlog_row_metadata = 'FULL'") {
		t.Errorf("nothing is said of binlog_row_metadata = %s: %s", metadata, told)
	}
	if code != exitDiffer || !strings.Contains(out, "1 rows to insert, 17 to update, 1 to delete") {
		t.Errorf("dry run: exit code %d\n%s", code, out)
	}
	if r, code := p.verify("--resume"); code != exitDiffer || len(r.Diffs) != len(want) { // the journal has the whole outcome
		t.Errorf("exit code %d, %d differences after a dry run, %d were planted", code, len(r.Diffs), len(want))
	}
	report := filepath.Join(t.TempDir(), "report.json")
	if code, _, _ := godwitRun("verify", p.task, "--watch", "--rounds", "1", "--report", report); code != exitDiffer {
		t.Errorf("watch: exit code %d", code)
	}
	var w watchReport
	if b, err := os.ReadFile(report); err != nil || json.Unmarshal(b, &w) != nil || len(w.Tables) != 1 || len(w.Tables[0].Diffs) != len(want) {
		t.Errorf("the report of the watch: %v, %+v", err, w)
	}
	s := p.status()
	if s.Verify == nil || s.Verify.States[verify.Different] != 1 || s.Verify.Differences != int64(len(want)) || s.Rows != 2000 || !s.Active || s.Silent == nil || s.Lag == nil {
		t.Errorf("status: %+v, verified %+v", s, s.Verify)
	}
	if code, out, errOut := godwitRun("reload", p.task, "big", "--wait"); code != 0 {
		t.Fatalf("reload: exit code %d\n%s%s", code, out, errOut)
	}
	if r, code := p.verify(); code != 0 {
		t.Errorf("after the reload: exit code %d, %+v", code, r)
	}
	if code, _, errOut := godwitRun("reload", p.task, "nosuch"); code != exitUsage || !strings.Contains(errOut, "nosuch") {
		t.Errorf("reload of an unknown table: exit code %d, %s", code, errOut)
	}
	stop()
	p.plant(19)
	if r, code := p.verify("--static", "--repair"); code != 0 {
		t.Errorf("repair without a stream: exit code %d, %+v", code, r)
	}
	if code, _, errOut := godwitRun("verify", p.task, "--watch", "--static"); code != exitUsage || errOut == "" {
		t.Errorf("flags that do not go together: exit code %d", code)
	}
}

func (p *planted) status() taskStatus {
	p.t.Helper()
	code, out, errOut := godwitRun("status", p.task, "--json")
	var s taskStatus
	if err := json.Unmarshal([]byte(out), &s); err != nil || code != 0 {
		p.t.Fatalf("status: exit code %d, %v: %s%s", code, err, out, errOut)
	}
	if code, out, errOut := godwitRun("status", p.task); code != 0 || !strings.Contains(out, "phase") {
		p.t.Fatalf("status: exit code %d: %s%s", code, out, errOut)
	}
	return s
}

// hotRows is the number of keys that the writer and the repair fight for.
const hotRows = 30

// TestRepairRaces mends rows that are right, again and again, while a writer inserts, changes and deletes the very same
// rows and the stream applies that strictly. One row written in a form of another moment, and the stream would stop.
func TestRepairRaces(t *testing.T) {
	eachSource(t, testRepairRaces)
}

func testRepairRaces(t *testing.T, fresh freshSource) {
	p := newTask(t, fresh, "races")
	p.source("CREATE TABLE hot (id INT PRIMARY KEY, u INT, n INT NOT NULL, UNIQUE KEY (u))")
	p.source("CREATE TABLE child (id INT PRIMARY KEY, hot INT, n INT, FOREIGN KEY (hot) REFERENCES hot (id) ON DELETE CASCADE)")
	for i := range hotRows {
		p.source("INSERT INTO hot VALUES (?, ?, 0)", i, i)
		p.source("INSERT INTO child VALUES (?, ?, 0)", i, i)
	}
	stopMove := p.follow()
	p.consistent()
	const enough = 200
	var written atomic.Int64
	stop := p.writers(2, 2*time.Millisecond, func(r *rand.Rand, _, _ int) error {
		hotChange(p.my, r)
		written.Add(1)
		return nil
	})
	mended, held, rounds := fightOver(t, p, func(since time.Duration, mended int) bool {
		return since > 6*time.Second && mended > 0 && written.Load() >= enough
	})
	stop()
	code, out, errOut := godwitRun("verify", p.task)
	if log := stopMove(); code != 0 || !strings.Contains(log, "interrupted at") {
		t.Fatalf("exit code %d\n%s%s\nthe migration:\n%s", code, out, errOut, log)
	}
	t.Logf("%d transactions; %d rounds of repair wrote %d rows and held the stream for %v", written.Load(), rounds, mended, held)
	if mended == 0 || written.Load() < enough {
		t.Errorf("too little happened")
	}
}

// hotChange is one transaction; its errors are those of writers that meet.
func hotChange(my *sql.DB, r *rand.Rand) {
	a, b := r.IntN(hotRows), r.IntN(hotRows)
	q := []string{
		fmt.Sprintf("UPDATE hot SET n = n + 1 WHERE id = %d", a),
		fmt.Sprintf("DELETE FROM hot WHERE id = %d", a), // takes the child's rows along, which the log does not tell
		fmt.Sprintf("INSERT IGNORE INTO hot VALUES (%d, %d, 1)", a, a),
		fmt.Sprintf("UPDATE hot SET u = NULL WHERE id = %d; UPDATE IGNORE hot SET u = %d WHERE id = %d", a, a, b),
		fmt.Sprintf("INSERT IGNORE INTO child VALUES (%d, %d, 1)", a, b),
		fmt.Sprintf("UPDATE child SET n = n + 1 WHERE id = %d", a),
		fmt.Sprintf("DELETE FROM child WHERE id = %d", b),
	}[r.IntN(7)]
	tx, err := my.Begin()
	if err != nil {
		return
	}
	defer tx.Rollback()
	for _, s := range strings.Split(q, "; ") {
		if _, err := tx.Exec(s); err != nil {
			return
		}
	}
	_ = tx.Commit()
}

// fightOver repairs all rows, whether or not they differ, until that is enough; on a busy machine the stream is hardly ever out of
// the way, and the writers hardly ever have their turn.
func fightOver(t *testing.T, p *planted, enough func(since time.Duration, mended int) bool) (mended int, held time.Duration, rounds int) {
	t.Helper()
	pr, err := openProject(t.Context(), p.task)
	if err != nil {
		t.Fatal(err)
	}
	defer pr.Close()
	if err := pr.convert(t.Context()); err != nil {
		t.Fatal(err)
	}
	o, done, err := pr.repairOptions(t.Context(), verify.Options{}, true)
	if err != nil {
		t.Fatal(err)
	}
	defer done()
	o.Attempts = 3
	rep := &verify.Report{}
	for _, tab := range pr.tables {
		x := verify.Table{Source: tab.Schema + "." + tab.Name}
		for i := range hotRows {
			kind := []verify.Kind{verify.Missing, verify.Extraneous, verify.Mismatch}[i%3]
			x.Diffs = append(x.Diffs, verify.Diff{Kind: kind, Key: map[string]string{"id": fmt.Sprint(i)}})
		}
		rep.Tables = append(rep.Tables, x)
	}
	began := time.Now()
	for !enough(time.Since(began), mended) && time.Since(began) < 3*time.Minute {
		res, err := repair.Run(t.Context(), rep, o)
		if err != nil {
			t.Fatal(err)
		}
		mended, held, rounds = mended+res.Mended, held+res.Held, rounds+1
	}
	return mended, held, rounds
}
