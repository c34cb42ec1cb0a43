package godwit

import (
	"slices"
	"strings"

	"godwit/assess"
	"godwit/ir"
	"godwit/ir/diag"
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
		whole := assess.Object{Status: u.Status, Findings: u.Findings, SourceLines: lines(strings.TrimSpace(u.Text))}
		for _, t := range u.Outputs {
			whole.TargetLines += lines(t.SQL)
		}
		out = append(out, u.shareMembers(schema, name, &whole)...)
		if r := u.standsAlone(); r != nil && isStub(r) {
			whole.Status = diag.Refused
		}
		o := &out[i]
		o.Status = max(o.Status, whole.Status)
		o.Findings = append(o.Findings, whole.Findings...)
		o.SourceLines += whole.SourceLines
		o.TargetLines += whole.TargetLines
	}
	if len(c.General) > 0 {
		out = append(out, assess.Object{Kind: "other", Name: "the whole schema", Status: c.General.Worst(), Findings: c.General})
	}
	return out
}

func lines(text string) int { return 1 + strings.Count(text, "\n") }

// routines are the routines that a package's body defines: objects of their own for whoever has to judge the work. A package that is
// refused as a whole has none.
func (u *Unit) routines() []*ir.Routine {
	k, ok := u.tree.(*ir.Package)
	if !ok || !k.Body || u.Status == diag.Refused {
		return nil
	}
	var out []*ir.Routine
	for _, d := range k.Decls {
		if r, ok := d.(*ir.RoutineDecl); ok && !r.Forward && r.Routine.Body != nil {
			out = append(out, r.Routine)
		}
	}
	return out
}

// shareMembers takes what belongs to the routines of a package from it: their findings and their lines.
func (u *Unit) shareMembers(schema, pack string, whole *assess.Object) []assess.Object {
	list := u.routines()
	if len(list) == 0 {
		return nil
	}
	out := make([]assess.Object, len(list))
	for i, r := range list {
		out[i] = assess.Object{Kind: "package routine", Schema: schema, Name: pack + "." + r.Name.Name(), Line: r.Span.Line(), File: fileOf(r.Span),
			SourceLines: lines(r.Span.Text())}
		if isStub(r) {
			out[i].Status = diag.Refused
		}
		whole.SourceLines = max(0, whole.SourceLines-out[i].SourceLines)
	}
	// They stand one behind the other in the body.
	of := func(s source.Span) *assess.Object {
		i, found := slices.BinarySearchFunc(list, s.Start, func(r *ir.Routine, at int) int { return r.Span.Start - at })
		if !found {
			i--
		}
		if i < 0 || !holds(list[i].Span, s) {
			return nil
		}
		return &out[i]
	}
	var rest diag.List
	for _, f := range whole.Findings {
		if o := of(f.Span); o != nil {
			o.Findings = append(o.Findings, f)
			if o.Status != diag.Refused {
				o.Status = max(o.Status, f.Fidelity)
			}
			continue
		}
		rest = append(rest, f)
	}
	for i := range min(len(u.Stmts), len(u.Outputs)) {
		if o := of(u.Stmts[i].Base().Span); o != nil {
			n := lines(u.Outputs[i].SQL)
			o.TargetLines, whole.TargetLines = o.TargetLines+n, whole.TargetLines-n
		}
	}
	whole.Findings, whole.Status = rest, diag.Exact
	for _, f := range rest {
		whole.Status = max(whole.Status, f.Fidelity)
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
	if u.rows { // whose text is not always kept
		return assess.Rows
	}
	switch strings.ToUpper(firstWord(u.Text)) {
	case "INSERT", "REPLACE":
		if upper := strings.ToUpper(u.Text[:min(len(u.Text), 2000)]); strings.Contains(upper, "VALUES") {
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
