package postgres

import (
	"math/rand"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestRowFields compares the scan with what it stands for: an expression, over texts that are made of all that it looks at.
func TestRowFields(t *testing.T) {
	field := regexp.MustCompile(`(?m)(?:^\s*|INTO .*?)([a-z_]\w*|NEW)\.(?:\w+|"[^"\n]+")(?:\.[\w".]+)? (?::=|FROM)`)
	rows := regexp.MustCompile(` (?:"[^"]*"|[\w$.])+%ROWTYPE`)
	words := []string{"a", "b_1", "_c", "X", "NEW", "NEW", "9z", ".", ".", ".", `"D e"`, `"f"`, " ", " ", " :=", " FROM", "INTO ", "INTO a", "\n", "\n  ", "\t", ",", ", ", "(", "$", "é", "%ROWTYPE", " a.b :=", "x.y", "SELECT"}
	random := rand.New(rand.NewSource(1))
	found := 0
	for range 200_000 {
		var b strings.Builder
		for range 1 + random.Intn(14) {
			b.WriteString(words[random.Intn(len(words))])
		}
		text := b.String()
		var want []string
		for _, m := range field.FindAllStringSubmatch(text, -1) {
			want = append(want, m[1])
		}
		found += len(want)
		got := rowFields(text)
		slices.Sort(want)
		slices.Sort(got)
		if want, got = slices.Compact(want), slices.Compact(got); !slices.Equal(got, want) {
			t.Fatalf("%q: fields of %q, want %q", text, got, want)
		}
		if want, got := rows.ReplaceAllString(text, " record"), recordTypes(text); got != want {
			t.Fatalf("%q: %q, want %q", text, got, want)
		}
	}
	if found < 1000 {
		t.Errorf("%d fields", found)
	}
}

func TestAsQuote(t *testing.T) {
	for _, c := range []struct {
		sql, head, body string
	}{
		{"x\nAS $$\nbody$$;", "x", "body"},
		{"x\nAS $a_1$\nbody $$ $b$\n$a_1$;", "x", "body $$ $b$\n"},
		{"x\nAS $$ body$$", "", ""},
		{"x\nAS $a", "", ""},
		{"x\nAS $", "", ""},
		{"x\nAS $$\n", "", ""},
		{"x AS $$\n$$", "", ""},
	} {
		as, body, end := asQuote(c.sql)
		if as < 0 {
			if c.head != "" {
				t.Errorf("%q: no body", c.sql)
			}
		} else if c.sql[:as] != c.head || c.sql[body:end] != c.body {
			t.Errorf("%q: %q in front of %q", c.sql, c.sql[:as], c.sql[body:end])
		}
	}
}
