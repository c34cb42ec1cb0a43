package oracle

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"godwit/ir"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// TestCalledScripts reads scripts that call others, at once and bit by bit: each statement stands where it would run, with the values
// of the variables there.
func TestCalledScripts(t *testing.T) {
	scripts := map[string]string{
		"tables": "CREATE TABLE &1 (a NUMBER);\n@deep\n-- last of tables\n",
		"deep":   "INSERT INTO &1 VALUES (&x);\nDEFINE x = 7\n",
		"self":   "SELECT 1 FROM dual;\n@self\n",
		"round":  "@around\n",
		"around": "@round\n",
		"twice":  "SELECT &x FROM dual;\n",
	}
	o := scan.Options{Include: func(from, name string, beside bool) (*source.File, error) {
		name = strings.TrimSuffix(name, ".sql")
		switch text, ok := scripts[name]; {
		case name == "input":
			return nil, nil
		case !ok:
			return nil, errors.New("it is not there")
		case beside != (from == "deep"):
			return nil, errors.New("beside is wrong")
		default:
			return source.NewFile(name, text), nil
		}
	}}
	for _, c := range []struct{ name, in, want string }{
		{"in place", "DEFINE x = 5\nSELECT 1 FROM dual;\n@tables t1\nSELECT &x FROM dual;\n",
			"main:2 SELECT 1 FROM dual\ntables:1 CREATE TABLE t1 (a NUMBER)\ndeep:1 INSERT INTO t1 VALUES (5)\nmain:4 SELECT 7 FROM dual"},
		{"variables", "START tables 'a' \"b c\"\nSELECT '&2' FROM dual;\n",
			"tables:1 CREATE TABLE a (a NUMBER)\ndeep:1 INSERT INTO a VALUES (&x) !SY0310\nmain:2 SELECT 'b c' FROM dual"},
		{"twice", "DEFINE x = 1\n@twice\nDEFINE x = 2\n@twice\n", "twice:1 SELECT 1 FROM dual\ntwice:1 SELECT 2 FROM dual"},
		{"itself", "@self\nSELECT 2 FROM dual;\n", "self:1 SELECT 1 FROM dual\nself:2 @self !SY0326\nmain:2 SELECT 2 FROM dual"},
		{"in a circle", "@round\n", "around:1 @round !SY0326"},
		{"missing", "@nowhere\nSELECT 2 FROM dual;\n", "main:1 @nowhere !SY0326\nmain:2 SELECT 2 FROM dual"},
		{"no value", "@&where\n", "main:1 @&where !SY0326"},
		{"an input", "@input\n", "main:1 @input !SY0308"},
	} {
		t.Run(c.name, func(t *testing.T) {
			units, err := Parse(source.NewFile("main", c.in), o)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(c.want, placed(units)); d != "" {
				t.Error(d)
			}
			o := o
			o.Chunk = 7
			var bits []*ir.Unit
			for p, err := range Pieces(strings.NewReader(c.in), "main", o) {
				if err != nil {
					t.Fatal(err)
				}
				bits = append(bits, p.Parse(o)...)
			}
			if d := cmp.Diff(c.want, placed(bits)); d != "" {
				t.Errorf("bit by bit: %s", d)
			}
		})
	}
}

// placed writes units with their places and errors.
func placed(units []*ir.Unit) string {
	var out []string
	for _, u := range units {
		s := fmt.Sprintf("%s:%d %s", u.Span.File.Name, u.Span.Line(), u.Span.Text())
		for _, f := range u.Findings {
			s += " !" + f.Code
		}
		out = append(out, s)
	}
	return strings.Join(out, "\n")
}
