package helpers_test

import (
	"regexp"
	"strings"
	"testing"

	"godwit/emit/postgres/helpers"
)

var call = regexp.MustCompile(`godwit_mysql\.(\w+)`)

func TestEveryRoutineSaysWhatItDoesAndWhatItNeeds(t *testing.T) {
	for _, n := range helpers.Names() {
		text, err := helpers.Source(n)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasPrefix(text, "-- ") {
			t.Errorf("%s: no comment", n)
		}
		needs, err := helpers.Needs(n)
		if err != nil {
			t.Fatal(err)
		}
		listed := map[string]bool{n: true, "ai_ci": true, "as_ci": true}
		listed[n+"_of"] = true // the last step of an aggregate
		for _, x := range needs {
			listed[x] = true
		}
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			if !listed[m[1]] {
				t.Errorf("%s calls %s without a needs line", n, m[1])
			}
		}
	}
}

func TestUnknownRoutinesAreErrors(t *testing.T) {
	if _, err := helpers.Script("s", []string{"no_such_routine"}); err == nil || !strings.Contains(err.Error(), "no_such_routine") {
		t.Errorf("got %v", err)
	}
}

func TestScriptUsesTheSchemaAndTheOrder(t *testing.T) {
	s, err := helpers.Script("h", []string{"conv"})
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
