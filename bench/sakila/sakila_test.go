package sakila

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"
	"time"
)

// server returns the MariaDB of this test run.
func server(t *testing.T) string {
	t.Helper()
	u := os.Getenv("GODWIT_TEST_MARIADB")
	if u == "" {
		if os.Getenv("GODWIT_TEST_REQUIRE") == "1" {
			t.Fatal("GODWIT_TEST_MARIADB is not set; run the tests with scripts/test")
		}
		t.Skip("skipped: mariadb: GODWIT_TEST_MARIADB is not set")
	}
	return u
}

func TestPickFollowsTheShares(t *testing.T) {
	got := map[string]int{}
	for n := range 100 {
		got[pick(n)]++
	}
	for _, s := range Kinds {
		if got[s.Kind] != s.Percent {
			t.Errorf("%s: %d of 100, want %d", s.Kind, got[s.Kind], s.Percent)
		}
	}
}

func TestRunScriptReportsTheError(t *testing.T) {
	err := RunScript(context.Background(), server(t), bytes.NewBufferString("SELECT 1;\nSELECT no_such_column;\n"))
	if err == nil || !strings.Contains(err.Error(), "no_such_column") {
		t.Errorf("error of a script: %v", err)
	}
}

func TestWriterKeepsTheInvariant(t *testing.T) {
	address := server(t)
	ctx := context.Background()
	if err := Load(ctx, address, "../../testdata/sakila"); err != nil {
		t.Fatal(err)
	}
	db, err := Open(address, Name)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	defer db.Exec("DROP DATABASE " + Name)
	var rentals, routines, triggers int
	const counts = `SELECT (SELECT COUNT(*) FROM rental), (SELECT COUNT(*) FROM information_schema.routines WHERE routine_schema = DATABASE()),
		(SELECT COUNT(*) FROM information_schema.triggers WHERE trigger_schema = DATABASE())`
	if err := db.QueryRow(counts).Scan(&rentals, &routines, &triggers); err != nil {
		t.Fatal(err)
	}
	if rentals != 16044 || routines != 6 || triggers != 6 {
		t.Errorf("loaded %d rentals, %d routines, %d triggers; want 16044, 6, 6", rentals, routines, triggers)
	}
	before, err := Invariant(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	w := NewWriter(db, 400, 4, 1)
	running, stop := context.WithTimeout(ctx, 3*time.Second)
	defer stop()
	if err := w.Run(running); err != nil {
		t.Fatal(err)
	}
	after, err := Invariant(ctx, db)
	if err != nil {
		t.Fatal(err)
	}
	if before != after {
		t.Errorf("sum of payments: %s before, %s after", before, after)
	}
	s := w.Stats()
	t.Logf("%+v", s)
	for _, share := range Kinds {
		if s.Done[share.Kind] == 0 {
			t.Errorf("no %s was done", share.Kind)
		}
	}
	if s.Total() < 300 || s.Retried+s.Idle > s.Total() {
		t.Errorf("%d done, %d retried, %d idle", s.Total(), s.Retried, s.Idle)
	}
	var unset int
	if err := db.QueryRow("SELECT COUNT(*) FROM payment WHERE rental_id IS NULL").Scan(&unset); err != nil {
		t.Fatal(err)
	}
	if unset <= 5 { // the data has 5
		t.Errorf("%d payments without a rental: the foreign key unset none", unset)
	}
}
