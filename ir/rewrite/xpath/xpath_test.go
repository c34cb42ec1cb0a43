package xpath

import "testing"

func TestRead(t *testing.T) {
	for in, want := range map[string]string{
		"/a/b": "/a/b", "a/b": "a/b", "//a": "//a", "./a": "a", ".//a": "//a", "$d/a/@id": "a/@id", "$d//a": "//a", "/": "", ".": "", "$d": "",
		"/a[1]/text()": "/a[1]/text()", `/a[@n="x"]`: `/a[@n="x"]`, "*/t:Name": "*/t:Name", "@id": "@id", "//text()": "//text()", "/a[ last() ]": "/a[last()]",
		`/a[b = 'x']/c`: "/a[b='x']/c",
	} {
		p, ok := Read(in, false)
		if !ok || p.Text != want {
			t.Errorf("%s: %q %v", in, p.Text, ok)
		}
	}
	for _, in := range []string{"", "//", "for $i in /a return $i", "/a/..", "count(/a)", "/a|/b", "/a[b>1]", "/a/@id/b", "/a/", "ora:view('x')", "/a[1", "$d a", "fn:upper-case(/a)", "/child::a"} {
		if p, ok := Read(in, false); ok {
			t.Errorf("%s: %q", in, p.Text)
		}
	}
	if p, ok := Read(`/a/@b[1]`, true); !ok || p.Text != "/godwit_default:a/@b[1]" {
		t.Error(p, ok)
	}
	pairs, byDefault, ok := Namespaces(`xmlns="u" xmlns:t='v'`)
	if !ok || !byDefault || len(pairs) != 2 || pairs[1] != [2]string{"t", "v"} {
		t.Error(pairs, byDefault, ok)
	}
}
