package plcursors

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/rewrite"
	"godwit/ir/rewrite/build"
	"godwit/ir/rewrite/control"
	"godwit/ir/rewrite/datatypes"
	"godwit/ir/types"
)

var (
	packaged = &diag.Code{
		ID: "PK0261", Title: "A cursor of a package stays open between calls", Severity: diag.Info, Fidelity: diag.Assumed,
		Doc: `A cursor that a package declares belongs to the session: a routine opens it, others fetch from it and close it (PL/SQL Language Reference, "Package State"). On the target it is a portal with the package's and the
cursor's name, which lives as long as the transaction. Assumed: it is opened, fetched from and closed in one transaction, and not opened in a block whose exception is handled. FETCH behind that ends with
INVALID_CURSOR.`,
		Next: "Put the calls into one transaction (BEGIN ... COMMIT).", Each: 0.1,
	}
	packagedUse = &diag.Code{
		ID: "PK0262", Title: "A use of a package's cursor that has no form on the target", Severity: diag.Error, Fidelity: diag.Refused,
		Doc: `%FOUND, %NOTFOUND and %ROWCOUNT of a package's cursor are converted right behind FETCH in a condition only: the target keeps no attributes from call to call. A routine that uses such a cursor and ends the
transaction would close it, and a cursor whose query stands in the package's body only, under a head in the specification, is not followed.`,
		Next: "Keep the attribute in a variable of the package, or open and fetch the cursor in one routine.", Each: 0.3,
	}
)

const packagedCode = "PK0260"

// Packaged is PK0260.
func Packaged() *rewrite.Rule {
	return &rewrite.Rule{
		Code: packagedCode, Name: "package-cursors",
		Doc: `A cursor that a package declares and that routines open, fetch from and close apart from each other (PL/SQL Language Reference, "Package State") is a portal of the session: each routine has a cursor variable
with its name, the package's and the cursor's. %ISOPEN asks the session. A cursor that one routine opens, fetches from and closes is one of that routine.`,
		Examples: []rewrite.Example{{
			From: dialect.Oracle, Setup: "CREATE TABLE t (a NUMBER);\nCREATE PACKAGE k AS CURSOR c IS SELECT a FROM t; END;\n/",
			Source: "CREATE PROCEDURE p AUTHID CURRENT_USER IS\nBEGIN\n  OPEN k.c;\nEND;\n/",
			Target: "CREATE OR REPLACE PROCEDURE p()\nLANGUAGE plpgsql\nAS $$\nDECLARE\n  c refcursor := 'k.c';\nBEGIN\n  OPEN c FOR\n    SELECT a FROM t;\nEND;\n$$;",
		}},
		Fidelity: diag.Exact,
		Findings: []*diag.Code{packaged, packagedUse},
		Looks:    ir.Kinds(ir.KindOpenCursor, ir.KindFetchCursor, ir.KindCloseCursor),
		After:    map[string]string{"packages": "routines of packages stand alone"},
		Run: func(p *rewrite.Pass) {
			for _, s := range p.Unit.Stmts {
				if control.IsProgram(s) && !p.Refused() {
					(&run{Pass: p, root: s, cursors: map[any]*cursor{}, direct: map[*ir.CursorAttr]bool{}}).portals(s)
				}
			}
		},
	}
}

// portals declares a variable with the name of the portal for each cursor of a package that a program opens, fetches from or closes.
func (r *run) portals(s ir.Stmt) {
	body := control.Body(s)
	if body == nil {
		return
	}
	p := &portals{run: r, vars: map[*ir.CursorDecl]*ir.VarDecl{}}
	if x, ok := s.(*ir.Routine); ok && x.Object != nil {
		p.pack = x.Object.Package
	}
	ir.Walk(body, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.OpenCursor:
			if v, d := p.of(n.Name, n.X); v != nil && n.Query == nil && n.Dynamic == nil {
				p.open(n, v, d)
			}
		case *ir.FetchCursor:
			if v, _ := p.of(n.Name, n.X); v != nil {
				n.Name, n.X = v.Name.Text, nil
			}
		case *ir.CloseCursor:
			if v, _ := p.of(n.Name, n.X); v != nil {
				n.Name, n.X = v.Name.Text, nil
			}
		}
		return !r.Refused()
	})
	if len(p.vars) == 0 || r.Refused() {
		return
	}
	p.attributes()
	b, ok := body.(*ir.Block)
	if !ok {
		b = &ir.Block{Body: []ir.Stmt{body}}
		b.Span = body.Base().Span
		control.SetBody(s, b)
	}
	b.Decls = append(p.decls, b.Decls...)
	r.Report(packaged, s.Base().Span, "%s", p.decls[0].(*ir.VarDecl).Name.Text)
}

// isPortal tells the variable that stands for a package's cursor.
func isPortal(d *ir.VarDecl) bool { return slices.Contains(d.Origin, packagedCode) }

type portals struct {
	*run
	pack  *catalog.Package
	vars  map[*ir.CursorDecl]*ir.VarDecl
	decls []ir.Decl
}

// of is the variable for a cursor of a package, nil for others.
func (p *portals) of(name string, x ir.Expr) (*ir.VarDecl, *ir.CursorDecl) {
	var k *catalog.Package
	var member *catalog.PackageVar
	if n, ok := x.(*ir.Name); ok {
		if ref, ok := n.Ref.(*ir.PackageRef); ok {
			k, member = ref.Package, ref.Member
		}
	} else if x == nil && p.pack != nil && !p.local(name) {
		k = p.pack
		member = k.Var(name)
	}
	if member == nil {
		return nil, nil
	}
	d, ok := member.Decl.(*ir.CursorDecl)
	if !ok {
		return nil, nil
	}
	if v := p.vars[d]; v != nil {
		return v, d
	}
	if x != nil && p.own(member) {
		return nil, nil
	}
	if d.Query == nil || control.Transactional(control.Body(p.root)) {
		rewrite.Refuse(p.Pass, packagedUse, p.root.Base().Span, "the cursor %s.%s", k.Name, member.Name)
		return nil, nil
	}
	v := &ir.VarDecl{Name: ir.Ident{Text: control.Unused(p.root, member.Name)}, Type: types.Cursor{}, TypeSQL: "refcursor",
		Default: control.Text(k.StateName(datatypes.Fold(member.Name)))}
	v.Span = p.root.Base().Span
	v.Made(packagedCode)
	p.vars[d] = v
	p.decls = append(p.decls, v)
	return v, d
}

// local tells that the routine declares a name itself.
func (p *portals) local(name string) bool {
	return ir.Find(p.root, func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.CursorDecl:
			return strings.EqualFold(n.Name.Text, name)
		case *ir.VarDecl:
			return strings.EqualFold(n.Name.Text, name)
		case *ir.ParamDecl:
			return strings.EqualFold(n.Name.Text, name)
		}
		return false
	})
}

// own tells that the program opens a cursor before all else, and closes it: it is one of its own then.
func (p *portals) own(v *catalog.PackageVar) bool {
	first, closes := true, false
	opens := false
	is := func(e ir.Expr) bool {
		n, ok := e.(*ir.Name)
		if !ok {
			return false
		}
		ref, ok := n.Ref.(*ir.PackageRef)
		return ok && ref.Member == v
	}
	ir.Walk(control.Body(p.root), func(n ir.Node) bool {
		switch n := n.(type) {
		case *ir.OpenCursor:
			if is(n.X) {
				opens, first = opens || first, false
			}
		case *ir.FetchCursor:
			first = first && !is(n.X)
		case *ir.CloseCursor:
			if is(n.X) {
				closes, first = true, false
			}
		case *ir.CursorAttr:
			first = first && !is(n.Cursor)
		}
		return true
	})
	return opens && closes
}

// open gives OPEN the cursor's query, with the arguments in place of its parameters.
func (p *portals) open(n *ir.OpenCursor, v *ir.VarDecl, d *ir.CursorDecl) {
	if len(n.Args) < len(d.Params) {
		rewrite.Refuse(p.Pass, packagedUse, n.Span, "OPEN of %s with default values of its parameters", v.Name.Text)
		return
	}
	args := map[*ir.ParamDecl]ir.Expr{}
	for i, a := range n.Args {
		if _, named := a.(*ir.NamedArg); named || i >= len(d.Params) {
			rewrite.Refuse(p.Pass, packagedUse, n.Span, "OPEN of %s with named arguments", v.Name.Text)
			return
		}
		if !plainArg(a) {
			rewrite.Refuse(p.Pass, packagedUse, n.Span, "OPEN of %s with a computed argument", v.Name.Text)
			return
		}
		args[d.Params[i]] = a
	}
	q := ir.Map[ir.Node](ir.CloneOwn(d.Query), func(m ir.Node) ir.Node {
		name, ok := m.(*ir.Name)
		if !ok {
			return m
		}
		if ref, ok := name.Ref.(*ir.ParamRef); ok && args[ref.Param] != nil {
			return ir.Clone(args[ref.Param])
		}
		return m
	})
	n.Name, n.X, n.Args, n.Query = v.Name.Text, nil, nil, q.(ir.Query)
}

// plainArg tells a variable, parameter or constant: the query may read it several times.
func plainArg(e ir.Expr) bool {
	if c, ok := e.(*ir.Cast); ok && c.Implicit {
		e = c.X
	}
	if build.IsConstant(e) {
		return true
	}
	n, ok := e.(*ir.Name)
	return ok && control.Target(n) != nil
}

// attributes replaces what attributes name; those that the target does not keep are refused.
func (p *portals) attributes() {
	var asked []*ir.CursorAttr
	ir.Walk(control.Body(p.root), func(n ir.Node) bool {
		a, ok := n.(*ir.CursorAttr)
		if !ok || a.Cursor == nil || p.Refused() {
			return true
		}
		x, ok := a.Cursor.(*ir.Name)
		if !ok {
			return true
		}
		v := p.named(x)
		if v == nil {
			return true
		}
		to := control.Var(v)
		to.Span = a.Span
		a.Cursor = to
		asked = append(asked, a)
		return true
	})
	p.findDirect()
	for _, a := range asked {
		if a.Name != "ISOPEN" && !p.direct[a] {
			rewrite.Refuse(p.Pass, packagedUse, a.Span, "%s%%%s", a.Cursor.(*ir.Name).Parts[0].Text, a.Name)
		}
	}
}

// named is the variable of the cursor that a name is.
func (p *portals) named(x *ir.Name) *ir.VarDecl {
	switch ref := x.Ref.(type) {
	case *ir.CursorRef:
		return p.vars[ref.Decl]
	case *ir.PackageRef:
		d, _ := ref.Member.Decl.(*ir.CursorDecl)
		return p.vars[d]
	}
	return nil
}
