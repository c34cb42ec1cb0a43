package migrate

import (
	"testing"

	"godwit/runner/change"
)

// TestSelectionInAnyOrder: the order in which a source lists its tables says nothing, also in what older runs have stored.
func TestSelectionInAnyOrder(t *testing.T) {
	task := Task{Name: "x"}
	task.Defaults()
	var tables []*change.Table
	for _, name := range []string{"a", "B"} {
		ct, err := change.NewTable(tableOf("s", name, []string{"id"}, col("id", tInt)))
		if err != nil {
			t.Fatal(err)
		}
		tables = append(tables, ct)
	}
	one, other := fingerprint(&task, tables), fingerprint(&task, []*change.Table{tables[1], tables[0]})
	if one != other {
		t.Errorf("%q and %q", one, other)
	}
	stored := fingerprint(&task, tables[:1]) + fingerprint(&task, tables[1:])[len(selectionForm+policySum(task.Values.Policy())):]
	if stored == one || !samePolicies(stored, one) {
		t.Errorf("%q and %q", stored, one)
	}
	task.Values.NUL = "strip"
	if samePolicies(one, fingerprint(&task, tables)) {
		t.Error("another policy is the same")
	}
}
