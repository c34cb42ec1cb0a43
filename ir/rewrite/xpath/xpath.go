// Package xpath reads the paths of XML functions that mean the same in XQuery, in Oracle's XPath and in XPath 1.0, which is what the target knows.
package xpath

import (
	"regexp"
	"strings"
)

// Path is a path that was read.
type Path struct {
	// Text is the path as the target takes it: it begins with / or //, or is relative to the root of a document; "" for the document itself.
	Text string
	// Leaf tells a path that ends with text() or an attribute.
	Leaf bool
}

var (
	start = regexp.MustCompile(`^(?:\$[A-Za-z_]\w*|\.)?(//?)?`)
	step  = regexp.MustCompile(`^(@)?(text\(\)|node\(\)|(?:[A-Za-z_][\w.-]*:)?(?:[A-Za-z_][\w.-]*|\*))`)
	// predicate is a place, or a comparison with a text.
	predicate = regexp.MustCompile(`^\[\s*(?:([1-9]\d*|last\(\))|(@)?((?:[A-Za-z_][\w.-]*:)?[A-Za-z_][\w.-]*|text\(\))\s*=\s*("[^"&<]*"|'[^'&<]*'))\s*\]`)
	space     = regexp.MustCompile(`^\s*xmlns(?::([A-Za-z_][\w.-]*))?\s*=\s*("[^"]*"|'[^']*')`)
)

// defaultPrefix stands for the default namespace, which a path of the target cannot have.
const defaultPrefix = "godwit_default"

// Read reads a path; ok is false for one that is not known to mean the same. byDefault tells that names without a prefix are in the default namespace.
func Read(text string, byDefault bool) (p Path, ok bool) {
	rest := strings.TrimSpace(text)
	m := start.FindStringSubmatch(rest)
	rest = rest[len(m[0]):]
	var b strings.Builder
	b.WriteString(m[1])
	if m[0] != "" && m[0] != "/" && m[0] != "//" && m[1] == "/" {
		b.Reset() // ./a and $d/a begin at the document, as a does
	}
	if rest == "" {
		return Path{}, m[0] != "" && m[1] != "//"
	}
	if m[0] != "" && m[1] == "" {
		return p, false
	}
	for {
		s := step.FindStringSubmatch(rest)
		if s == nil || p.Leaf {
			return p, false
		}
		rest = rest[len(s[0]):]
		if strings.HasPrefix(rest, "(") || strings.HasPrefix(rest, ":") {
			return p, false
		}
		b.WriteString(s[1] + qualified(s[2], byDefault && s[1] == ""))
		p.Leaf = s[1] != "" || s[2] == "text()"
		for strings.HasPrefix(rest, "[") {
			q := predicate.FindStringSubmatch(rest)
			if q == nil {
				return p, false
			}
			rest = rest[len(q[0]):]
			if q[1] != "" {
				b.WriteString("[" + q[1] + "]")
			} else {
				b.WriteString("[" + q[2] + qualified(q[3], byDefault && q[2] == "") + "=" + q[4] + "]")
			}
		}
		switch {
		case rest == "":
			p.Text = b.String()
			return p, true
		case strings.HasPrefix(rest, "//"):
			b.WriteString("//")
			rest = rest[2:]
		case strings.HasPrefix(rest, "/"):
			b.WriteString("/")
			rest = rest[1:]
		default:
			return p, false
		}
	}
}

func qualified(name string, byDefault bool) string {
	if byDefault && !strings.Contains(name, ":") && !strings.HasSuffix(name, "()") && name != "*" {
		return defaultPrefix + ":" + name
	}
	return name
}

// Namespaces reads declarations of namespaces as attributes: pairs of prefix and URI. byDefault tells that there is a default one.
func Namespaces(text string) (pairs [][2]string, byDefault, ok bool) {
	rest := text
	for strings.TrimSpace(rest) != "" {
		m := space.FindStringSubmatch(rest)
		if m == nil {
			return nil, false, false
		}
		rest = rest[len(m[0]):]
		pairs, byDefault = Declared(pairs, m[1], m[2][1:len(m[2])-1], byDefault)
	}
	return pairs, byDefault, true
}

// Declared adds a namespace; without a prefix it is the default one.
func Declared(pairs [][2]string, prefix, uri string, before bool) ([][2]string, bool) {
	if prefix == "" {
		return append(pairs, [2]string{defaultPrefix, uri}), true
	}
	return append(pairs, [2]string{prefix, uri}), before
}

// Within is a path from a node that was found, which stands alone below the root: "" is the node itself. ok is false for a path from the document.
func (p Path) Within(text string) (string, bool) {
	switch {
	case p.Text == "":
		return "node()", strings.TrimSpace(text) != "/"
	case strings.HasPrefix(p.Text, "//"):
		return "*" + p.Text, strings.HasPrefix(strings.TrimSpace(text), ".")
	case strings.HasPrefix(p.Text, "/"):
		return "", false
	}
	return "*/" + p.Text, true
}
