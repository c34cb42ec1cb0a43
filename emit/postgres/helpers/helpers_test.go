package helpers_test

import (
	"regexp"
	"strings"
	"testing"

	"godwit/emit/postgres/helpers"
)

var call = regexp.MustCompile(`godwit_(\w+)\.(\w+)`)

func TestEveryRoutineSaysWhatItDoesAndWhatItNeeds(t *testing.T) {
	for _, family := range helpers.Families() {
		names := helpers.Names(family)
		if len(names) == 0 {
			t.Errorf("%s: no routines", family)
		}
		for _, n := range names {
			saysWhatItNeeds(t, family, n)
		}
	}
}

func saysWhatItNeeds(t *testing.T, family, n string) {
	t.Helper()
	text, err := helpers.Source(family, n)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text, "-- ") {
		t.Errorf("%s: no comment", n)
	}
	needs, err := helpers.Needs(family, n)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{n: true, "ai_ci": true, "as_ci": true}
	listed[n+"_of"] = true // the last step of an aggregate
	for _, setting := range []string{"dblink", "autonomous_callers"} {
		listed[setting] = true
	}
	for _, x := range needs {
		listed[x] = true
	}
	for _, m := range call.FindAllStringSubmatch(text, -1) {
		if m[1] != family {
			t.Errorf("%s of %s calls a routine of %s", n, family, m[1])
		}
		if !listed[m[2]] {
			t.Errorf("%s calls %s without a needs line", n, m[2])
		}
	}
}

func TestUnknownRoutinesAreErrors(t *testing.T) {
	if _, err := helpers.Script(helpers.MySQL, "s", []string{"no_such_routine"}); err == nil || !strings.Contains(err.Error(), "no_such_routine") {
		t.Errorf("got %v", err)
	}
	if _, err := helpers.Script("sybase", "s", []string{"hold"}); err == nil || !strings.Contains(err.Error(), "sybase") {
		t.Errorf("an unknown family: got %v", err)
	}
}

func TestFamiliesShareWhatBelongsToNone(t *testing.T) {
	s, err := helpers.Script(helpers.Oracle, "h", []string{"hold"})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(s, "FUNCTION h.hold(") {
		t.Error("the routine is not in the schema")
	}
	if _, err := helpers.Script(helpers.Oracle, "h", []string{"mid"}); err == nil {
		t.Error("a routine of another family was taken")
	}
}

func TestScriptUsesTheSchemaAndTheOrder(t *testing.T) {
	s, err := helpers.Script(helpers.MySQL, "h", []string{"conv"})
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(s, "godwit_mysql.") || strings.Contains(s, "-- needs") {
		t.Error("the schema or the needs line was left in")
	}
	if strings.Index(s, "FUNCTION h.to_base(") > strings.Index(s, "FUNCTION h.conv(") {
		t.Error("to_base must come before conv")
	}
}
