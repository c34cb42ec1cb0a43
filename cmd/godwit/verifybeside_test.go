package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"godwit/runner/enginetest"
	"godwit/runner/verify"
)

// TestVerifiedBesideSchemaChange: a schema change that the stream brings while the tables are compared has them compared again, as they are behind it.
func TestVerifiedBesideSchemaChange(t *testing.T) {
	s := newSchemaTask(t, enginetest.FreshMariaDB, "apply")
	godwitOK(t, "migrate", s.path, "--until", "verified")
	p, err := openConverted(t.Context(), s.path)
	if err != nil {
		t.Fatal(err)
	}
	defer p.Close()
	own := p.apart() // the comparison begins
	s.source("ALTER TABLE a ADD COLUMN z INT NOT NULL DEFAULT 3", "UPDATE a SET z = 4 WHERE id = 2", "ALTER TABLE b DROP COLUMN e")
	godwitOK(t, "migrate", s.path, "--until", "caught-up")
	var told bytes.Buffer
	m := &mover{p: p, err: &told, log: slog.New(slog.DiscardHandler)}
	compare := func() *verify.Report {
		rep, err := m.verifyBehind(t.Context(), own)
		if err != nil {
			t.Fatal(err)
		}
		return rep
	}
	if rep := compare(); !rep.OK() || strings.Count(told.String(), "compared again") != 1 {
		t.Errorf("%+v\n%s", rep.Tables, told.String())
	}
	if p.known != 0 || own.known != 2 {
		t.Errorf("%d and %d schema changes are known", p.known, own.known)
	}
	own = p.apart()
	s.target("UPDATE SHOP.a SET z = 5 WHERE id = 1 RETURNING 'x'")
	if rep := compare(); rep.OK() {
		t.Errorf("the new column was not compared: %+v", rep.Tables)
	}
}
