package plsql

import (
	"slices"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/types"
)

// invoke tells what x(args) is: a user's routine, an element or method of a collection, a constructor, else r.builtin. Its arguments are
// resolved by it, except those of built-in functions, which r.builtin resolves. It never returns nil.
func (r *Resolver) invoke(sc *scope, inv *ir.Invoke) ir.Expr {
	if e := r.invoked(sc, inv); e != nil {
		return e
	}
	what := text(inv.X)
	if inv.Link.Text != "" {
		r.fail(remoteTable, inv.Span, "routine %s at %s", what, inv.Link.Text)
	} else {
		r.fail(unknownRoutine, inv.Span, "%s is neither built in nor a routine, collection or type of the input", what)
	}
	inv.Type = types.Unknown{Why: what}
	return inv
}

// invoked is what a call is, nil if nothing was found.
func (r *Resolver) invoked(sc *scope, inv *ir.Invoke) ir.Expr {
	if inv.Link.Text != "" {
		return nil
	}
	switch x := inv.X.(type) {
	case *ir.Name:
		return r.invokedName(sc, inv, x)
	case *ir.Field:
		x.X = r.expr(sc, x.X)
		return r.selected(sc, x.X, ir.Ident{Text: x.Name}, inv)
	}
	return r.element(sc, r.expr(sc, inv.X), inv)
}

// selected is base.part(args): a method, or a field that is a collection of which an element is meant.
func (r *Resolver) selected(sc *scope, base ir.Expr, part ir.Ident, inv *ir.Invoke) ir.Expr {
	t := base.TypeOf()
	if _, ok := t.(types.Collection); ok {
		return r.collectionMethod(sc, base, part.Text, inv.Args, inv)
	}
	for _, f := range fieldsOf(t) {
		if strings.EqualFold(f.Name, part.Text) {
			return r.element(sc, fieldOf(base, part, f, nil, 0), inv)
		}
	}
	if o, ok := t.(types.Object); ok {
		return r.method(sc, base, o, part.Text, inv.Args, inv)
	}
	if _, ok := t.(types.XML); ok {
		return r.xmlMethod(sc, base, part.Text, inv.Args, inv)
	}
	if isDocument(t) {
		return r.docMethod(sc, base, part.Text, inv.Args, inv)
	}
	if sc.sql {
		if x := docItemMethod(base, part.Text, inv); x != nil {
			return x
		}
	}
	return nil
}

// element is an element of a collection; nil if x is none. A function without parameters may stand before the index: f()(i) or f(i).
func (r *Resolver) element(sc *scope, x ir.Expr, inv *ir.Invoke) ir.Expr {
	c, ok := x.TypeOf().(types.Collection)
	if !ok || len(inv.Args) != 1 {
		return nil
	}
	e := &ir.Element{X: x, Index: r.value(sc, inv.Args[0])}
	if c.Key != nil {
		e.Index = r.store(e.Index, c.Key)
	} else {
		e.Index = r.store(e.Index, types.Int{Bits: 32})
	}
	e.Meta, e.Type = inv.Meta, c.Elem
	return e
}

// invokedName is name(args): names are searched as those of values are.
func (r *Resolver) invokedName(sc *scope, inv *ir.Invoke, n *ir.Name) ir.Expr {
	if e := r.invokedRow(sc, inv, n); e != nil {
		return e
	}
	for f := sc.block; f != nil; f = f.outer {
		if e := r.member(f, n.Parts[0].Text); e != nil {
			if x := r.invokedEntity(sc, e, n, 1, inv); x != nil {
				return x
			}
		}
		if len(n.Parts) > 1 && f.label == n.Parts[0].Text {
			if e := r.member(f, n.Parts[1].Text); e != nil {
				if x := r.invokedEntity(sc, e, n, 2, inv); x != nil {
					return x
				}
			}
		}
		if x := r.invokedOfSelf(sc, f, inv, n); x != nil {
			return x
		}
	}
	if e := r.invokedObject(sc, inv, n); e != nil {
		return e
	}
	if e := r.triggerEvent(sc, n, inv.Args, inv); e != nil {
		return e
	}
	if n.Parts[len(n.Parts)-1].Quoted {
		return nil
	}
	name := strings.ToUpper(n.Dotted())
	name = strings.TrimPrefix(strings.TrimPrefix(strings.TrimPrefix(name, "SYS."), "DBMS_STANDARD."), "STANDARD.")
	if e := r.valueOf(sc, inv, name); e != nil {
		return e
	}
	if e := r.reference(sc, inv, name); e != nil {
		return e
	}
	return r.builtin(sc, inv, name)
}

// invokedRow is an element of a collection that is a column or a field of :NEW, or a method of an object that is one.
func (r *Resolver) invokedRow(sc *scope, inv *ir.Invoke, n *ir.Name) ir.Expr {
	if len(n.Parts) < 2 {
		return nil
	}
	if k := len(n.Parts) - 1; k > 1 {
		if e := r.rowName(sc, prefix(n, k)); e != nil && isObject(e) {
			return r.selected(sc, e, n.Parts[k], inv) // a method of :NEW.column
		}
	}
	if e := r.rowName(sc, ir.Clone(n)); e != nil {
		return r.element(sc, e, inv)
	}
	if !sc.sql {
		return nil
	}
	base := prefix(n, len(n.Parts)-1)
	if e := r.columnName(sc, base); e != nil {
		return r.selected(sc, e, n.Parts[len(n.Parts)-1], inv)
	}
	if len(n.Parts) == 2 {
		if e := r.rowObject(sc, n.Parts[0].Text, n); e != nil {
			return r.selected(sc, e, n.Parts[1], inv)
		}
	}
	return nil
}

// invokedOfSelf is a call of another method, or an element of an attribute, in a method of an object type.
func (r *Resolver) invokedOfSelf(sc *scope, f *frame, inv *ir.Invoke, n *ir.Name) ir.Expr {
	if f.object == nil {
		return nil
	}
	if hasField(fieldsOf(f.object.Type), n.Parts[0].Text) {
		return r.calledOfAttribute(sc, f, inv, n)
	}
	if len(n.Parts) == 1 {
		return r.methodOfSelf(sc, f, n.Parts[0].Text, inv.Args, inv)
	}
	return nil
}

// calledOfAttribute is an element of an attribute that is a collection, or a method of one that is an object.
func (r *Resolver) calledOfAttribute(sc *scope, f *frame, inv *ir.Invoke, n *ir.Name) ir.Expr {
	k := len(n.Parts) - 1
	if k > 0 { // a method is not called without its arguments
		if x := r.attributeOfSelf(sc, f, prefix(n, k)); x != nil && isObject(x) && !hasField(fieldsOf(x.TypeOf()), n.Parts[k].Text) {
			return r.selected(sc, x, n.Parts[k], inv)
		}
	}
	if x := r.attributeOfSelf(sc, f, ir.Clone(n)); x != nil {
		if e := r.element(sc, x, inv); e != nil {
			return e
		}
	}
	if k == 0 {
		return nil
	}
	if x := r.attributeOfSelf(sc, f, prefix(n, k)); x != nil {
		return r.selected(sc, x, n.Parts[k], inv)
	}
	return nil
}

// invokedEntity is a call of what the first k parts of a name stand for, nil if that cannot be called.
func (r *Resolver) invokedEntity(sc *scope, e *entity, n *ir.Name, k int, inv *ir.Invoke) ir.Expr {
	if e.routines != nil {
		if k == len(n.Parts) {
			return r.callOrElement(sc, e.routines, prefixed(n, k), inv)
		}
		return nil
	}
	if e.typ != nil && k == len(n.Parts) {
		return r.construct(sc, e.typ, prefixed(n, k), inv)
	}
	if k == len(n.Parts) {
		x := r.entityValue(sc, e, n, k)
		if x == nil {
			return nil
		}
		if _, cursor := e.anyCursor(); cursor {
			return r.cursorArgs(sc, e, x, inv)
		}
		return r.element(sc, x, inv)
	}
	x := r.entityValue(sc, e, prefix(n, len(n.Parts)-1), k)
	if x == nil {
		return nil
	}
	return r.selected(sc, x, n.Parts[len(n.Parts)-1], inv)
}

// anyCursor is the declared cursor that an entity is.
func (e *entity) anyCursor() (*ir.CursorDecl, bool) {
	if e.cursor != nil {
		return e.cursor, true
	}
	if e.member != nil {
		c, ok := e.member.Decl.(*ir.CursorDecl)
		return c, ok
	}
	return nil, false
}

// cursorArgs is a cursor with arguments, in FOR and OPEN: the call stays, with what it names and its arguments resolved.
func (r *Resolver) cursorArgs(sc *scope, e *entity, x ir.Expr, inv *ir.Invoke) ir.Expr {
	d, _ := e.anyCursor()
	inv.X, inv.Type = x, x.TypeOf()
	inv.Args = r.passTo(sc, paramsOf(d.Params), inv.Args, inv)
	return inv
}

// paramsOf describes declared parameters as the catalog does.
func paramsOf(list []*ir.ParamDecl) []catalog.Param {
	out := make([]catalog.Param, len(list))
	for i, p := range list {
		out[i] = catalog.Param{Name: p.Name.Text, Mode: p.Mode, Type: p.Type, Default: p.Default != nil}
	}
	return out
}

// invokedObject is a call of a packaged or schema routine, of a type's constructor, or of a method of a type.
func (r *Resolver) invokedObject(sc *scope, inv *ir.Invoke, n *ir.Name) ir.Expr {
	for k := 1; k <= 2 && k < len(n.Parts); k++ {
		q := prefixed(n, k)
		if p := r.findPackage(q.Schema(), q.Name()); p != nil {
			if e := r.packageMember(p, n.Parts[k].Text, false); e != nil {
				return r.invokedEntity(sc, e, n, k+1, inv)
			}
			return nil
		}
	}
	if len(n.Parts) > 2 {
		return nil
	}
	q := prefixed(n, len(n.Parts))
	if o := r.findRoutine(q.Schema(), q.Name()); o != nil {
		r.takenForSchema(n.Span, q, o)
		return r.callOrElement(sc, []*catalog.Routine{o}, q, inv)
	}
	if o := r.findObjectType(q.Schema(), q.Name()); o != nil {
		return r.construct(sc, o.Type, q, inv)
	}
	if len(n.Parts) == 1 {
		if t, ok := standard[strings.ToUpper(n.Parts[0].Text)].(types.Collection); ok {
			return r.construct(sc, t, q, inv)
		}
	}
	if o := r.findObjectType("", n.Parts[0].Text); o != nil && len(n.Parts) == 2 {
		return r.static(sc, o, n.Parts[1].Text, inv)
	}
	if t, ok := standard[strings.ToUpper(n.Dotted())].(types.Collection); ok {
		return r.construct(sc, t, q, inv)
	}
	return nil
}

// construct makes a value of a record, collection or object type.
func (r *Resolver) construct(sc *scope, t types.Type, q ir.QName, inv *ir.Invoke) ir.Expr {
	c := &ir.Construct{Name: q, Args: inv.Args}
	c.Meta, c.Type = inv.Meta, t
	switch t := t.(type) {
	case types.Collection:
		for i := range c.Args {
			c.Args[i] = r.store(r.value(sc, c.Args[i]), t.Elem)
		}
	case types.Record:
		r.constructFields(sc, c, t.Fields)
	case types.Object:
		if o := r.objects[t.ObjectDecl]; o != nil {
			if x := r.constructor(sc, o, q, inv); x != nil {
				return x
			}
		}
		if len(c.Args) != len(t.Fields) {
			r.reject(inv.Span, "the constructor of %s has %d attributes, %d are given", q, len(t.Fields), len(c.Args))
		}
		r.constructFields(sc, c, t.Fields)
	default:
		return nil
	}
	return c
}

func (r *Resolver) constructFields(sc *scope, c *ir.Construct, fields []types.Field) {
	for i, a := range c.Args {
		if n, ok := a.(*ir.NamedArg); ok {
			n.Value = r.value(sc, n.Value)
			for _, f := range fields {
				if strings.EqualFold(f.Name, n.Name.Text) {
					n.Value = r.store(n.Value, f.Type)
				}
			}
			n.Type = n.Value.TypeOf()
			continue
		}
		c.Args[i] = r.value(sc, a)
		if i < len(fields) {
			c.Args[i] = r.store(c.Args[i], fields[i].Type)
		}
	}
}

// callOrElement is a call of one of the routines; where none takes the arguments, and one without parameters yields a collection, it is an
// element of that.
func (r *Resolver) callOrElement(sc *scope, list []*catalog.Routine, q ir.QName, inv *ir.Invoke) ir.Expr {
	if len(inv.Args) == 1 && len(list) == 1 && len(list[0].Params) == 0 {
		if _, ok := list[0].Returns.(types.Collection); ok {
			return r.element(sc, r.callNamed(sc, list, q, nil, inv), inv)
		}
	}
	return r.callNamed(sc, list, q, inv.Args, inv)
}

// callNamed is a call of the routine of the list that takes the arguments, which are resolved here; nil if a name without arguments cannot
// be one.
func (r *Resolver) callNamed(sc *scope, list []*catalog.Routine, q ir.QName, args []ir.Expr, at ir.Node) ir.Expr {
	return r.callResolved(sc, list, q, r.arguments(sc, args), at)
}

// callResolved is callNamed with arguments that are resolved.
func (r *Resolver) callResolved(sc *scope, list []*catalog.Routine, q ir.QName, args []ir.Expr, at ir.Node) ir.Expr {
	o := r.choose(sc, list, args, at)
	c := &ir.RoutineCall{Name: q, Routine: o}
	c.Meta = *at.Base()
	if o == nil {
		c.Args, c.Type = args, types.Unknown{Why: q.String()}
		return c
	}
	c.Args = r.pass(o.Params, args)
	c.Type = o.Returns
	if o.Returns == nil {
		c.Type = types.Null{} // a procedure, called as a statement
	}
	return c
}

// arguments resolves the arguments of a call before it is known which routine takes them.
func (r *Resolver) arguments(sc *scope, args []ir.Expr) []ir.Expr {
	out := make([]ir.Expr, len(args))
	for i, a := range args {
		if n, ok := a.(*ir.NamedArg); ok {
			n.Value = r.value(sc, n.Value)
			n.Type = n.Value.TypeOf()
			out[i] = n
			continue
		}
		out[i] = r.value(sc, a)
	}
	return out
}

// passTo resolves arguments and hands them to parameters.
func (r *Resolver) passTo(sc *scope, params []catalog.Param, args []ir.Expr, at ir.Node) []ir.Expr {
	args = r.arguments(sc, args)
	if cost(params, args) < 0 {
		r.reject(at.Base().Span, "the arguments fit not the parameters")
		return args
	}
	return r.pass(params, args)
}

// pass converts arguments to the types of parameters, and puts named ones in the order of the parameters where none before them is left out.
func (r *Resolver) pass(params []catalog.Param, args []ir.Expr) []ir.Expr {
	byPos := make([]ir.Expr, len(params))
	for i, a := range args {
		if n, ok := a.(*ir.NamedArg); ok {
			k := paramIndex(params, n.Name.Text)
			n.Value = r.hand(params[k], n.Value)
			byPos[k] = n
			continue
		}
		byPos[i] = r.hand(params[i], a)
	}
	out := make([]ir.Expr, 0, len(args))
	gap := false
	for _, a := range byPos {
		n, named := a.(*ir.NamedArg)
		switch {
		case a == nil:
			gap = true
		case named && !gap:
			out = append(out, n.Value)
		default:
			out = append(out, a)
		}
	}
	return out
}

// hand converts a value to the type of a parameter that takes it; what a parameter gives back goes into a variable as it is. A parameter
// limits neither length nor digits.
func (r *Resolver) hand(p catalog.Param, e ir.Expr) ir.Expr {
	if p.Mode != catalog.In || p.Type == nil {
		return e
	}
	to := unlimited(p.Type)
	from := e.TypeOf()
	if isInt(to) && (types.IsNumeric(from) || textual(from)) && !isInt(from) && !isNumberLiteral(e) || onlyAssigned(from, to) {
		if c, ok := r.cast(e, to).(*ir.Cast); ok { // assignments round by themselves, calls look for a routine that takes the type
			c.Implicit = false
			return c
		}
	}
	return r.store(e, to)
}

// onlyAssigned tells that the target converts the types where a value is assigned, but not to find a routine.
func onlyAssigned(from, to types.Type) bool {
	switch from.(type) {
	case types.Timestamp:
		_, plain := to.(types.DateTime)
		return plain && !isDate(to)
	case types.Float:
		_, exact := to.(types.Decimal)
		return exact
	}
	return false
}

func textual(t types.Type) bool { _, ok := t.(types.Text); return ok }

// isNumberLiteral tells a whole number, which any routine takes.
func isNumberLiteral(e ir.Expr) bool {
	n, ok := e.(*ir.Number)
	return ok && n.Kind == ir.IntNumber
}

// unlimited is a type without limits of length and digits.
func unlimited(t types.Type) types.Type {
	switch t := t.(type) {
	case types.Text:
		t.N, t.Fixed = 0, false
		return t
	case types.Decimal:
		return types.Decimal{}
	case types.Binary:
		t.N = 0
		return t
	}
	return t
}

func paramIndex(params []catalog.Param, name string) int {
	for i, p := range params {
		if strings.EqualFold(p.Name, name) {
			return i
		}
	}
	return -1
}

// choose finds the overload that takes the arguments at the least cost; nil with a finding if there is none, or more than one.
func (r *Resolver) choose(sc *scope, list []*catalog.Routine, args []ir.Expr, at ir.Node) *catalog.Routine {
	var best *catalog.Routine
	least, several := -1, false
	for _, o := range usable(list, at == r.asStatement) {
		r.settleRoutine(o)
		c := costOf(o.Params, args, !sc.sql)
		switch {
		case c < 0:
		case best == nil || c < least:
			best, least, several = o, c, false
		case c == least:
			several = true
		}
	}
	switch {
	case best == nil:
		r.reject(at.Base().Span, "no form of %s takes %d arguments of these types", list[0].Name, len(args))
	case several && slices.ContainsFunc(args, func(a ir.Expr) bool { return types.IsUnknown(a.TypeOf()) }):
		return nil // what is not known of the argument is told already
	case several:
		r.reject(at.Base().Span, "several forms of %s take the arguments equally well", list[0].Name)
		return nil
	}
	return best
}

// usable are the procedures of a list where a statement calls them, else the functions; all of it where there are none of these.
func usable(list []*catalog.Routine, statement bool) []*catalog.Routine {
	kind := catalog.Function
	if statement {
		kind = catalog.Procedure
	}
	var out []*catalog.Routine
	for _, o := range list {
		if o.Kind == kind {
			out = append(out, o)
		}
	}
	if out == nil {
		return list
	}
	return out
}

// cost tells how well arguments fit parameters, 0 for the best; -1 if they do not.
func cost(params []catalog.Param, args []ir.Expr) int { return costOf(params, args, false) }

// costOf is cost where whole numbers that are written down are PLS_INTEGER, which they are in PL/SQL: a form that takes one comes before a form
// that takes a NUMBER (PL/SQL Language Reference, "Formal Parameters that Differ Only in Numeric Data Type").
func costOf(params []catalog.Param, args []ir.Expr, whole bool) int {
	taken := make([]bool, len(params))
	sum := 0
	for i, a := range args {
		k, value := i, a
		if n, ok := a.(*ir.NamedArg); ok {
			k, value = paramIndex(params, n.Name.Text), n.Value
		}
		if k < 0 || k >= len(params) || taken[k] {
			return -1
		}
		taken[k] = true
		from := value.TypeOf()
		if n, ok := value.(*ir.Null); ok && strings.HasSuffix(n.Span.Text(), "'") {
			from = varchar(1) // '' is NULL, and yet a text where a form is chosen
		}
		if whole && wholeOperand(value) {
			from = types.Int{Bits: 32}
		}
		c := fit(from, params[k].Type)
		if c < 0 {
			return -1
		}
		if _, variable := value.(*ir.Name); variable && twoBinaries(from, params[k].Type) {
			c += 2 // what functions give is not told apart
		}
		sum += c
	}
	for i, p := range params {
		if !taken[i] && !p.Default {
			return -1
		}
	}
	return sum
}

// fit is convertible for types that may not be known.
func fit(from, to types.Type) int {
	if isOpaque(to) && !types.IsUnknown(from) && !isNullType(from) {
		return -1
	}
	if types.IsUnknown(from) || types.IsUnknown(to) {
		return 0
	}
	if _, null := from.(types.Null); null {
		return 0
	}
	return convertible(from, to)
}

// collectionMethod is a method of a collection, or with another name nothing.
func (r *Resolver) collectionMethod(sc *scope, x ir.Expr, name string, args []ir.Expr, at ir.Node) ir.Expr {
	upper := strings.ToUpper(name)
	if !collectionMethods[upper] {
		return nil
	}
	c, _ := x.TypeOf().(types.Collection)
	e := &ir.CollectionCall{X: x, Method: upper}
	e.Meta = *at.Base()
	index := types.Type(types.Int{Bits: 32})
	if c.Key != nil {
		index = c.Key
	}
	for _, a := range args {
		v := r.value(sc, a)
		switch upper {
		case "EXISTS", "NEXT", "PRIOR", "DELETE":
			v = r.store(v, index)
		default:
			v = r.store(v, types.Int{Bits: 32})
		}
		e.Args = append(e.Args, v)
	}
	switch upper {
	case "EXISTS":
		e.Type = types.Bool{}
	case "FIRST", "LAST", "NEXT", "PRIOR":
		e.Type = index
	default:
		e.Type = types.Int{Bits: 32}
	}
	return e
}
