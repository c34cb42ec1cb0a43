package datatypes

import (
	"fmt"
	"strings"

	"godwit/ir/catalog"
	"godwit/ir/rewrite"
)

// Overloads gives routines of one name names of their own where the target would take them for one. What was declared again, because a
// part of the body had been refused, gets its name back.
func Overloads(p *rewrite.Pass, k *catalog.Package) {
	for _, v := range k.Vars {
		if v.Target == "" {
			v.Target = Fold(v.Name)
		}
	}
	seen := map[string]*catalog.Routine{}
	for _, o := range k.Routines {
		if o.Target == "" {
			o.TargetSchema, o.Target = k.TargetSchema, Fold(o.Name)
		}
		for i := 2; ; i++ {
			s := signature(p, o)
			if x := seen[s]; x == nil || x == o {
				seen[s] = o
				break
			}
			p.Changing()
			o.Target = fmt.Sprintf("%s_%d", Fold(o.Name), i)
		}
	}
}

// signature is what tells routines apart on the target: the name and the types of what a call hands over.
func signature(p *rewrite.Pass, o *catalog.Routine) string {
	var b strings.Builder
	b.WriteString(o.Target)
	for _, x := range o.Params {
		if x.Mode == catalog.Out {
			continue
		}
		b.WriteString("\x00" + Bare(Loose(p, x.Type)))
	}
	return b.String()
}

// Bare is a type without length and digits.
func Bare(sql string) string {
	if i := strings.IndexByte(sql, '('); i >= 0 {
		return sql[:i]
	}
	return sql
}
