package packages

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/rewrite/plsql"
	"godwit/ir/types"
)

// isOverloaded tells that another routine of the package has the same name on the target.
func isOverloaded(o *catalog.Routine) bool {
	if o == nil || o.Package == nil {
		return false
	}
	for _, x := range o.Package.Routines {
		if x != o && x.Target == o.Target {
			return true
		}
	}
	return false
}

const overloadsKey = "packages.overloads"

// overloaded is isOverloaded for a call. The package may be a unit that comes later: its routines get their names now.
func overloaded(p *rewrite.Pass, o *catalog.Routine) bool {
	if !isOverloaded(o) {
		return false
	}
	m, _ := p.Session.Values[overloadsKey].(map[*catalog.Package]int)
	if m == nil {
		m = map[*catalog.Package]int{}
		p.Session.Values[overloadsKey] = m
	}
	again := func(x *catalog.Routine) bool { // one that was declared again, or whose types are known by now
		return x.Target == "" || x != o && x.Target == o.Target && len(x.Params) == len(o.Params) && datatypes.BothTake(p, o, x, len(o.Params))
	}
	if m[o.Package] != len(o.Package.Routines) || slices.ContainsFunc(o.Package.Routines, again) { // what a body adds is named anew
		m[o.Package] = len(o.Package.Routines)
		datatypes.Overloads(p, o.Package)
	}
	return isOverloaded(o)
}

// chosen makes the target choose the form of an overloaded routine that the source calls.
func chosen(p *rewrite.Pass, o *catalog.Routine, args []ir.Expr) {
	if !overloaded(p, o) { // the names are settled for each call: none may have been asked for before
		return
	}
	for i, a := range args {
		place, value := i, &args[i]
		if n, ok := a.(*ir.NamedArg); ok {
			value = &n.Value
			for k, x := range o.Params {
				if strings.EqualFold(x.Name, n.Name.Text) {
					place = k
				}
			}
		}
		if place >= len(o.Params) || o.Params[place].Mode != catalog.In {
			continue
		}
		t := plsql.Unlimited(o.Params[place].Type)
		sql := datatypes.SQL(p, t)
		if sql == "" || clear(p, o, place, *value, sql) {
			continue
		}
		*value = build.As(*value, sql, t, code)
	}
	byName(p, o, args)
}

// byName names the arguments of a call that another form takes as well, from the first one whose name that form has not: such forms are told
// apart by the names alone, which the call had on the source too.
func byName(p *rewrite.Pass, o *catalog.Routine, args []ir.Expr) {
	from := len(args)
	for _, x := range o.Package.Routines {
		if x == o || x.Target != o.Target || !datatypes.BothTake(p, o, x, len(args)) {
			continue
		}
		for i := range min(from, len(o.Params)) {
			if !hasParam(x, o.Params[i].Name) {
				from = i
				break
			}
		}
	}
	for i := from; i < len(args) && i < len(o.Params); i++ {
		if _, ok := args[i].(*ir.NamedArg); ok {
			break
		}
		n := &ir.NamedArg{Name: ir.Ident{Text: o.Params[i].Name}, Value: args[i]}
		n.Meta = *args[i].Base()
		args[i] = n
	}
}

func hasParam(o *catalog.Routine, name string) bool {
	return slices.ContainsFunc(o.Params, func(x catalog.Param) bool { return strings.EqualFold(x.Name, name) })
}

// clear tells that a value has the type of the parameter on the target already.
func clear(p *rewrite.Pass, o *catalog.Routine, place int, e ir.Expr, sql string) bool {
	switch x := e.(type) {
	case *ir.String:
		return sql == "text" || sql == "varchar"
	case *ir.Number:
		others := false
		for _, r := range o.Package.Routines {
			if r == o || r.Target != o.Target || place >= len(r.Params) {
				continue
			}
			_, text := r.Params[place].Type.(types.Text)
			others = others || types.IsNumeric(r.Params[place].Type) || text && false
		}
		return !others
	case *ir.Null:
		return false
	case *ir.Cast:
		if n, ok := x.To.(types.Named); ok && x.Target {
			return datatypes.Bare(n.Name) == datatypes.Bare(sql)
		}
	}
	return datatypes.Bare(datatypes.Loose(p, e.TypeOf())) == datatypes.Bare(sql)
}
