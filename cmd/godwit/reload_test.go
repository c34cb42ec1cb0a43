package main

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"time"
)

// TestReloadBehindSchemaChange asks for a table to be loaded again while the stream stands before a change of its schema: the
// stream passes the change, and then the table is loaded as it is. A stream that cannot go on for other reasons does not keep
// a table from being loaded again.
func TestReloadBehindSchemaChange(t *testing.T) {
	eachSource(t, func(t *testing.T, fresh freshSource) {
		s := newSchemaTask(t, fresh, "apply")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.source("INSERT INTO a (s) VALUES ('before')", "ALTER TABLE a ADD COLUMN x INT", "INSERT INTO a (s, x) VALUES ('behind', 7)", "ALTER TABLE b ADD INDEX es (e)")
		s.target("UPDATE SHOP.a SET s = 'broken' WHERE id = 2")
		godwitOK(t, "reload", s.path, "a")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.holds("SELECT s || coalesce(x, 0) FROM SHOP.a ORDER BY id", "one0, two0, before0, behind7")

		s.target("DELETE FROM SHOP.a WHERE id = 1")
		s.source("UPDATE a SET n = 5 WHERE id = 1")
		ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
		defer cancel()
		var out, errOut bytes.Buffer
		if code := run(ctx, []string{"migrate", s.path, "--until", "caught-up"}, strings.NewReader(""), &out, &errOut); code == 0 {
			t.Fatalf("a row that is missing was not missed\n%s", errOut.String())
		}
		godwitOK(t, "reload", s.path, "a")
		godwitOK(t, "migrate", s.path, "--until", "verified")
		s.holds("SELECT s || coalesce(n, 0) FROM SHOP.a ORDER BY id", "one5, two2, before0, behind0")
	})
}
