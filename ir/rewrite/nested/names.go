package nested

import (
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
)

const madeKey = "nested.made"

// made tells for which program a routine was made, by its schema and name: overloads, which have one name, may declare routines of one name.
func made(p *rewrite.Pass) map[string]string {
	m, _ := p.Session.Values[madeKey].(map[string]string)
	if m == nil {
		m = map[string]string{}
		p.Session.Values[madeKey] = m
	}
	return m
}

// identity tells a program from all others; it stays when the program is converted again.
func identity(s ir.Stmt) string {
	switch n := s.(type) {
	case *ir.Routine:
		if n.Object == nil {
			return n.Name.String()
		}
		var b strings.Builder
		if k := n.Object.Package; k != nil {
			b.WriteString(k.Schema + "." + k.Name + ".")
		}
		b.WriteString(n.Object.Schema + "." + n.Object.Name)
		for _, p := range n.Object.Params {
			b.WriteString("," + p.Name)
			if p.Type != nil {
				b.WriteString(" " + p.Type.String())
			}
		}
		return b.String()
	case *ir.CreateTrigger:
		return "trigger " + n.Name.String()
	}
	return ""
}

// others tells that a name is that of a member of a package, of what was made for another program, or of a routine that the script makes later.
func (r *run) others(schema, name string) bool {
	if of, taken := made(r.Pass)[schema+"."+name]; taken && of != identity(r.root) {
		return true
	}
	x, ok := r.root.(*ir.Routine)
	if !ok || x.Object == nil || x.Object.Package == nil {
		return alone(r.Pass)[strings.ToUpper(name)] || r.Catalog.Members.Has(schema, catalog.RoutineSpace, name)
	}
	k := x.Object.Package
	for _, o := range k.Routines {
		if o.Target == name {
			return true
		}
	}
	for _, v := range k.Vars {
		if v.Target == name {
			return true
		}
	}
	return k.Prefixed() && alone(r.Pass)[strings.ToUpper(name)]
}

// routines are the names of the routines of a script that stand alone, in upper case.
type routines struct {
	script []*ir.Unit // that was looked through
	named  map[string]bool
}

const aloneKey = "nested.alone"

// alone are looked for once for a script: those behind a statement are not in the catalog yet.
func alone(p *rewrite.Pass) map[string]bool {
	script := p.Session.Script
	if len(script) == 0 {
		return nil
	}
	b, _ := p.Session.Values[aloneKey].(*routines)
	if b == nil || len(b.script) != len(script) || &b.script[0] != &script[0] {
		b = &routines{script, map[string]bool{}}
		p.Session.Values[aloneKey] = b
		for _, u := range script {
			if u.Kind == "procedure" || u.Kind == "function" {
				b.named[strings.ToUpper(u.Name)] = true
			}
		}
	}
	return b.named
}
