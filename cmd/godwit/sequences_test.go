package main

import (
	"testing"

	"godwit/runner/enginetest"
)

// TestSequenceHasItsSchema: a sequence of the source is made in its schema, whoever applies the files, and the cutover finds it
// there. The user of the tests has a schema of his own name, where PostgreSQL looks first.
func TestSequenceHasItsSchema(t *testing.T) {
	p := newTask(t, enginetest.FreshMariaDB, "numbers")
	p.source("CREATE SEQUENCE n START WITH 40 NOCACHE")
	p.source("CREATE TABLE a (id INT PRIMARY KEY DEFAULT (NEXTVAL(n)), v INT)")
	p.source("INSERT INTO a (v) VALUES (1), (2)")
	godwitOK(t, "migrate", p.task, "--until", "verified")
	out := godwitOK(t, "cutover", p.task, "--apps-stopped", "--quiet", "100ms")
	var id int
	if err := p.pg.QueryRow(t.Context(), `INSERT INTO `+p.schema+`.a (v) VALUES (3) RETURNING id`).Scan(&id); err != nil || id != 42 {
		t.Errorf("the next number is %d: %v\n%s", id, err, out)
	}
}
