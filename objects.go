package godwit

import (
	"strings"

	"godwit/assess"
	"godwit/ir/diag"
)

// Objects groups the units of the conversion by object for an assessment. Statements that change no schema and only set
// up a session (SET, USE) are not objects.
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
			o := assess.Object{Kind: kind, Schema: schema, Name: name, Line: u.Source.Line()}
			if u.Source.File != nil {
				o.File = u.Source.File.Name
			}
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

// objectOf names the object a unit belongs to; kind is "" for statements that are not worth a line in a report.
func objectOf(u *Unit) (kind, schema, name string) {
	switch {
	case u.Name != "" && u.Kind != "" && u.Kind != "other" && u.Kind != "query":
		return u.Kind, u.Schema, u.Name
	case u.Status == diag.Refused || u.Findings.Worst() >= diag.Approximate:
		return "other", u.Schema, "statement at " + u.Source.String()
	}
	return "", "", ""
}
