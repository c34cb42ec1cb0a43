package diag

import (
	"testing"

	"godwit/ir/source"
)

// TestVisible holds that messages show what does not print: a terminal would act on it.
func TestVisible(t *testing.T) {
	c := &Code{ID: "XX0001"}
	for in, want := range map[string]string{
		"plain é 日本": "plain é 日本", "a\x1b[2J\rb": `a\x1b[2J\rb`, "CREATE\u00a0VIEW": `CREATE\u00a0VIEW`, "\ufeffCREATE": `\ufeffCREATE`,
		"caf\xe9": `caf\xe9`, "a\u202eb": `a\u202eb`, "\ufffd": "\ufffd", "two\n\tlines": "two\n\tlines",
	} {
		if got := c.New(source.Span{}, "%s", in).Message; got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}
