package godwit

import (
	"bytes"
	"fmt"
	"runtime"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/rewrite/rules"
	"godwit/ir/source"
)

// TestSideBySide holds that units are converted side by side as they are one after the other: with one worker and with several, and whether
// units are resolved apart from the others or in order.
func TestSideBySide(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	check := func(name, text string) {
		t.Helper()
		want := convertedBytes(t, text, -1, 1)
		for _, workers := range []int{1, 4} {
			if got := convertedBytes(t, text, 1, workers); got != want {
				t.Errorf("%s: other bytes with %d workers:\n%s\none after the other:\n%s", name, workers, firstDifference(got, want), firstDifference(want, got))
			}
		}
	}
	var all bytes.Buffer
	for _, r := range rules.All() {
		for i, e := range r.Examples {
			check(fmt.Sprintf("%s, example %d", r.Name, i+1), e.Setup+"\n;\n"+e.Source)
		}
	}
	for name, text := range scriptTexts(t) {
		if len(text) < 200_000 {
			check(name, text)
		}
	}
	for i := range 20 { // objects by the same names come and go
		fmt.Fprintf(&all, "USE d%d;\nDROP VIEW IF EXISTS v;\nDROP TABLE IF EXISTS t;\n%s", i%3, objectScript(2))
		fmt.Fprintf(&all, "CREATE TRIGGER t%d BEFORE UPDATE ON t FOR EACH ROW SET NEW.b = (SELECT MAX(c) FROM v);\n", i)
		fmt.Fprintf(&all, "CREATE TABLE t (a INT PRIMARY KEY, b VARCHAR(%d));\nCREATE VIEW v AS SELECT *, %d AS c FROM t;\nCREATE VIEW w AS SELECT * FROM nowhere%d;\n", i+1, i, i%2)
	}
	check("objects", all.String())
}

// convertedBytes is all that comes out of a script.
func convertedBytes(t *testing.T, text string, apartFrom, workers int) string {
	t.Helper()
	runtime.GOMAXPROCS(workers)
	c, err := Convert([]*source.File{source.NewFile("x.sql", text)}, Options{From: dialect.MySQL, To: dialect.Postgres, ToVersion: 15, apartFrom: apartFrom})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, f := range c.Files() {
		fmt.Fprintf(&b, "%s\n%s\n", f.Path, f.Text)
	}
	b.WriteString(c.findingsText())
	return b.String()
}
