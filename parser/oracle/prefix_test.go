package oracle

import "testing"

// TestPrefixedCommands: a line that begins with # is a command of SQL*Plus wherever it stands, and no part of the statement.
func TestPrefixedCommands(t *testing.T) {
	u := parse(t, "BEGIN\n  a := 1;\n#pause\n  b := 2;\nEND;\n/\n")[0]
	if len(u.Findings) > 0 {
		t.Errorf("got %v", u.Findings)
	}
}
