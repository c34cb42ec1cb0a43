package packages

import (
	"godwit/ir"
	"godwit/ir/rewrite"
)

// bodies are the units of a script with bodies of packages, by the package's name, in order.
type bodies struct {
	script []*ir.Unit // that was looked through
	named  map[string][]*ir.Unit
}

const bodiesKey = "packages.bodies"

// bodiesOf are the units of the script that have the body of a package of a name, or had one and may have it again. They are looked for once
// and not for each package: large scripts have thousands of both.
func bodiesOf(p *rewrite.Pass, name string) []*ir.Unit {
	script := p.Session.Script
	if len(script) == 0 {
		return nil
	}
	b, _ := p.Session.Values[bodiesKey].(*bodies)
	if b == nil || len(b.script) != len(script) || &b.script[0] != &script[0] {
		b = &bodies{script, map[string][]*ir.Unit{}}
		p.Session.Values[bodiesKey] = b
		for _, u := range script {
			if n := bodyName(u); n != "" {
				b.named[n] = append(b.named[n], u)
			}
		}
	}
	return b.named[name]
}

// bodyName is the name of the package whose body a unit is, converted or refused; "" for other units.
func bodyName(u *ir.Unit) string {
	for _, s := range u.Stmts {
		if b, ok := s.(*ir.Package); ok && b.Body {
			return b.Name.Name()
		}
	}
	if u.Kind == "package body" {
		return u.Name
	}
	return ""
}
