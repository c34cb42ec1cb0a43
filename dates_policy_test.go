package godwit

import (
	"strings"
	"testing"

	"godwit/ir/dialect"
	"godwit/ir/rewrite"
)

// Zero dates follow the policy: refused, NULL, or another date.
func TestZeroDatesFollowThePolicy(t *testing.T) {
	const setup = "CREATE TABLE z (id INT, d DATE);"
	settings := dialect.Settings{"sql-mode": "STRICT_TRANS_TABLES"}
	for _, c := range []struct{ policy, source, want, code string }{
		{"", "INSERT INTO z VALUES (1, '0000-00-00');", "-- refused", "EX0351"},
		{"", "SELECT id FROM z WHERE d = '0000-00-00';", "SELECT id FROM z WHERE d = date '-infinity';", ""},
		{"null", "INSERT INTO z VALUES (1, '0000-00-00');", "INSERT INTO z VALUES (1, NULL);", "EX0352"},
		{"null", "SELECT id FROM z WHERE d = '0000-00-00';", "SELECT id FROM z WHERE d IS NULL;", "EX0352"},
		{"null", "SELECT id FROM z WHERE d <> '0000-00-00';", "SELECT id FROM z WHERE d <> date '-infinity';", ""},
		{"0001-01-01", "INSERT INTO z VALUES (1, '2024-00-00');", "INSERT INTO z VALUES (1, date '0001-01-01');", ""},
		{"0001-01-01", "SELECT id FROM z WHERE d = '0000-00-00';", "SELECT id FROM z WHERE d = date '0001-01-01';", ""},
		{"-infinity", "INSERT INTO z VALUES (1, 0);", "INSERT INTO z VALUES (1, date '-infinity');", ""},
		{"0001-01-01", "CREATE TABLE y (d DATE DEFAULT '0000-00-00');", "CREATE TABLE y (d date DEFAULT '0001-01-01');", ""},
	} {
		got, conv := translateText(t, setup, c.source, Options{Settings: settings, Policy: rewrite.Policy{ZeroDates: c.policy}})
		if squeeze(got) != squeeze(c.want) {
			t.Errorf("policy %q: %s\ngot  %s\nwant %s\n%v", c.policy, c.source, got, c.want, messages(conv))
		}
		if c.code != "" && !strings.Contains(strings.Join(messages(conv), " "), c.code) {
			t.Errorf("policy %q: %s: no finding %s in %v", c.policy, c.source, c.code, messages(conv))
		}
	}
}
