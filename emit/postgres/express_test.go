package postgres

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"godwit/emit/postgres/helpers"
	"godwit/ir"
)

// Every node of the IR is in the list of Expressible; a node that it allows without condition is printed.
func TestEveryNodeIsListed(t *testing.T) {
	list := read(t, "express.go") + read(t, "leftover.go")
	var printed strings.Builder
	for _, f := range []string{"expr.go", "query.go", "dml.go", "ddl.go", "plpgsql.go", "stmt.go", "spelling.go", "rowsets.go"} {
		printed.WriteString(read(t, f))
	}
	source := read(t, "leftover.go")
	for _, n := range ir.NodeNames {
		mention := regexp.MustCompile(`\bir\.` + n + `\b`)
		switch {
		case !mention.MatchString(list) && !regexp.MustCompile(`\bir\.Kind`+n+`\b`).MatchString(list):
			t.Errorf("%s: Expressible does not know it", n)
		case !notExpressible[n] && !withParent[n] && !strings.Contains(source, "ir.Kind"+n+":") && !mention.MatchString(printed.String()):
			t.Errorf("%s: neither printed nor listed as not expressible", n)
		}
	}
}

func read(t *testing.T, name string) string {
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// withParent are parts that the printer of their parent reads by field.
var withParent = map[string]bool{"Branch": true, "Fetch": true, "FieldDecl": true, "MergeInsert": true, "MergeUpdate": true, "DiagItem": true, "LockItem": true, "SetItem": true, "When": true}

// notExpressible are the nodes that the target never has.
var notExpressible = map[string]bool{
	"UserVar": true, "SysVar": true, "AssignExpr": true, "DateAdd": true, "Now": true, "Match": true, "UnsupportedExpr": true,
	"SetNames": true, "Prepare": true, "RenameTables": true, "CreateEvent": true, "Grant": true, "Signal": true, "SignalItem": true,
	"Splice": true, "ConditionDecl": true, "Handler": true, "Partition": true,
}

func TestKeywordsAreQuoted(t *testing.T) {
	for in, want := range map[string]string{
		"order": `"order"`, "user": `"user"`, "value": "value", "a b": `"a b"`, "A": `"A"`, "x$1": "x$1", "1x": `"1x"`, "left": `"left"`,
		"timestamp": `"timestamp"`, `q"t`: `"q""t"`, "loop": `"loop"`, "été": `"été"`,
	} {
		if got := Quote(in); got != want {
			t.Errorf("Quote(%s) = %s, want %s", in, got, want)
		}
	}
	if got := quoteFunction("left"); got != "left" {
		t.Errorf("quoteFunction(left) = %s", got)
	}
}

func TestFoldKeepsLongNamesApart(t *testing.T) {
	long := strings.Repeat("A", 63)
	a, b := Fold(long+"1"), Fold(long+"2")
	if a == b || len(a) > 63 || len(b) > 63 {
		t.Errorf("%s and %s", a, b)
	}
	if Fold(long) != strings.ToLower(long) {
		t.Error("a name of 63 bytes changed")
	}
}

// The list of helper routines has no name of a collation in it.
func TestHelperScript(t *testing.T) {
	e := New(Options{})
	s, err := e.HelperScript([]string{"ai_ci", "fold"})
	if err != nil {
		t.Fatal(err)
	}
	if err := Parse(s); err != nil {
		t.Errorf("%v in\n%s", err, s)
	}
	for _, family := range helpers.Families() {
		for _, n := range helpers.Names(family) {
			if n == "ai_ci" || n == "as_ci" {
				t.Errorf("the helper %s has the name of a collation", n)
			}
		}
	}
	e = New(Options{Family: helpers.Oracle})
	if s, err = e.HelperScript(append(helpers.Names(helpers.Oracle), "hold")); err != nil {
		t.Fatal(err)
	}
	if err := Parse(s); err != nil {
		t.Errorf("%v in the routines for Oracle", err)
	}
	if strings.Contains(s, "godwit_mysql") {
		t.Error("a routine for Oracle names the schema of another family")
	}
	if _, err := e.HelperScript([]string{"no such"}); err == nil {
		t.Error("an unknown helper gave no error")
	}
}
