package main

import (
	"strings"
	"testing"
)

func TestRowByRow(t *testing.T) {
	text := "CREATE TABLE a (b NUMBER);\nINSERT INTO a (b) VALUES\n    (1),\n    (2);\nCOMMIT;\n"
	if got, want := rowByRow(text), "CREATE TABLE a (b NUMBER);\nInsert into a (b) VALUES (1);\nInsert into a (b) VALUES (2);\nCOMMIT;\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	if got, want := withoutRows(text), "CREATE TABLE a (b NUMBER);\nCOMMIT;\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWrite(t *testing.T) {
	for _, s := range sets {
		var b strings.Builder
		n, err := s.write(&b, "../../testdata", 30_000)
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(b.String(), "\n"); got != n || n < 30_000 {
			t.Errorf("%s: %d lines, and %d are told", s.name, got, n)
		}
	}
}
