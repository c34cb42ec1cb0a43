package godwit

import (
	"strings"

	"godwit/assess"
	"godwit/ir/source"
)

// Objects groups the units of the conversion by object for an assessment. Loose statements are no objects: see Statements.
func (c *Conversion) Objects() []assess.Object {
	var out []assess.Object
	index := map[string]int{}
	for _, u := range c.Units {
		kind, schema, name := objectOf(u)
		if kind == "" {
			continue
		}
		key := kind + "\x00" + schema + "\x00" + name
		i, ok := index[key]
		if !ok {
			i = len(out)
			index[key] = i
			o := assess.Object{Kind: kind, Schema: schema, Name: name, Line: u.Source.Line(), File: fileOf(u.Source)}
			out = append(out, o)
		}
		o := &out[i]
		o.Status = max(o.Status, u.Status)
		o.Findings = append(o.Findings, u.Findings...)
		o.SourceLines += 1 + strings.Count(strings.TrimSpace(u.Text), "\n")
		for _, t := range u.Outputs {
			o.TargetLines += 1 + strings.Count(t.SQL, "\n")
		}
	}
	if len(c.General) > 0 {
		out = append(out, assess.Object{Kind: "other", Name: "the whole schema", Status: c.General.Worst(), Findings: c.General})
	}
	return out
}

func fileOf(s source.Span) string {
	if s.File == nil {
		return ""
	}
	return s.File.Name
}

// objectOf names the object a unit belongs to; kind is "" for loose statements.
func objectOf(u *Unit) (kind, schema, name string) {
	switch u.Kind {
	case "", "other", "query", "data", "use":
		return "", "", ""
	case "alter":
		return "table", u.Schema, u.Name
	}
	if u.Name == "" {
		return "", "", ""
	}
	return u.Kind, u.Schema, u.Name
}

// Statements lists the loose statements of the conversion for an assessment: rows of data, changes, queries, and what is written for
// the client program or sets up a session.
func (c *Conversion) Statements() []assess.Statement {
	var out []assess.Statement
	for _, u := range c.Units {
		if kind, _, _ := objectOf(u); kind != "" {
			continue
		}
		s := assess.Statement{Kind: looseKind(u), Status: u.Status, Findings: u.Findings, File: fileOf(u.Source), Line: u.Source.Line()}
		out = append(out, s)
	}
	return out
}

// looseKind tells what a loose statement is by its first word: a statement that was refused has no other.
func looseKind(u *Unit) assess.StatementKind {
	switch strings.ToUpper(firstWord(u.Text)) {
	case "INSERT", "REPLACE":
		if upper := strings.ToUpper(u.Text[:min(len(u.Text), 2000)]); u.rows || strings.Contains(upper, "VALUES") {
			return assess.Rows
		}
		return assess.Changes
	case "LOAD":
		return assess.Rows
	case "UPDATE", "DELETE", "CALL", "DO":
		return assess.Changes
	case "SELECT", "WITH", "(", "TABLE", "VALUES", "SHOW":
		return assess.Queries
	}
	return assess.Commands
}

// firstWord is the first word behind comments.
func firstWord(text string) string {
	for {
		text = strings.TrimLeft(text, " \t\r\n;")
		switch {
		case strings.HasPrefix(text, "/*!"):
			text = strings.TrimLeft(text[3:], "M0123456789")
		case strings.HasPrefix(text, "/*"):
			end := strings.Index(text, "*/")
			if end < 0 {
				return ""
			}
			text = text[end+2:]
		case strings.HasPrefix(text, "#"), strings.HasPrefix(text, "--"):
			_, rest, ok := strings.Cut(text, "\n")
			if !ok {
				return ""
			}
			text = rest
		case strings.HasPrefix(text, "("):
			return "("
		default:
			end := strings.IndexFunc(text, func(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && r != '_' })
			if end < 0 {
				return text
			}
			return text[:end]
		}
	}
}
