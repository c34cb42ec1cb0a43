package oracle

import (
	"strconv"
	"strings"

	"godwit/ir"
	"godwit/ir/diag"
	"godwit/ir/dialect"
	"godwit/ir/source"
	"godwit/parser/scan"
)

// ccflags is the setting that holds the flags of conditional compilation: name:value, ...
const ccflags = "plsql-ccflags"

// compiler carries out conditional compilation over the tokens of a unit (PL/SQL Language Reference, Conditional Compilation).
type compiler struct {
	ts      *scan.Tokens
	in      []scan.Token
	i       int
	flags   map[string]staticValue
	version dialect.Version
	out     []scan.Token
	moved   []int // the index of each token of in among those of out, where the next one that stays stands
	// static gives constants of packages of the input (see scan.Options); pack is the package whose constants need no prefix.
	static func(name string) (any, bool)
	pack   string
}

// staticValue is a value that is known when code is compiled: nil for NULL, a bool, an int or a string.
type staticValue any

// stop ends the compilation of a unit.
type stop struct {
	code    *diag.Code
	span    source.Span
	message string
}

// compile drops the tokens of branches that are not compiled. c is nil unless the unit cannot be compiled.
func compile(ts *scan.Tokens, s dialect.Settings, version dialect.Version, static func(name string) (any, bool)) (c *diag.Code, at source.Span, message string) {
	k := newCompiler(ts, s, version, static)
	k.out, k.moved = make([]scan.Token, 0, len(ts.List)), make([]int, len(ts.List)+1)
	defer func() {
		if r := recover(); r != nil {
			x, ok := r.(*stop)
			if !ok {
				panic(r)
			}
			c, at, message = x.code, x.span, x.message
		}
	}()
	k.text(true)
	if k.i < len(k.in)-1 {
		k.fail(codeSyntax, "a directive without $IF")
	}
	k.moved[k.i] = len(k.out)
	k.out = append(k.out, k.in[len(k.in)-1])
	k.comments()
	ts.List = k.out
	return nil, at, ""
}

func newCompiler(ts *scan.Tokens, s dialect.Settings, version dialect.Version, static func(name string) (any, bool)) *compiler {
	if version.Major == 0 {
		version.Major = 19
	}
	return &compiler{ts: ts, version: version, in: ts.List, flags: parseFlags(s[ccflags]), static: static}
}

// comments moves the comments to the tokens that stay, and drops those of branches that are not compiled.
func (k *compiler) comments() {
	out := k.ts.Comments[:0]
	for _, c := range k.ts.Comments {
		if n := k.moved[c.Before]; n >= 0 {
			c.Before = n
			out = append(out, c)
		}
	}
	k.ts.Comments = out
}

func (k *compiler) fail(c *diag.Code, message string) {
	i := min(k.i, len(k.in)-1)
	panic(&stop{code: c, span: k.ts.Span(i, i), message: message})
}

// directive is the directive at hand in upper case, "" if there is none.
func (k *compiler) directive() string {
	if k.in[k.i].Kind != kDirective {
		return ""
	}
	return strings.ToUpper(k.ts.Text(&k.in[k.i]))
}

func (k *compiler) step(keep bool) {
	if k.moved == nil { // an expression is read, nothing is compiled
		k.i++
		return
	}
	k.moved[k.i] = -1
	if keep {
		k.moved[k.i] = len(k.out)
		k.out = append(k.out, k.in[k.i])
	}
	k.i++
}

// text takes or drops tokens up to a directive that ends them.
func (k *compiler) text(keep bool) {
	for k.in[k.i].Kind != kEOF {
		switch k.directive() {
		case "":
			k.step(keep)
		case "$IF":
			k.choice(keep)
		case "$ERROR":
			k.failure(keep)
		default:
			return
		}
	}
}

// failure reads $ERROR message $END.
func (k *compiler) failure(keep bool) {
	if keep {
		k.fail(codeDirective, "the branch that is compiled holds $ERROR")
	}
	for k.in[k.i].Kind != kEOF && k.directive() != "$END" {
		k.step(false)
	}
	k.expect("$END")
}

func (k *compiler) expect(d string) {
	if k.directive() != d {
		k.fail(codeSyntax, "syntax error: expected "+d)
	}
	k.step(false)
}

// choice reads $IF condition $THEN text $ELSIF condition $THEN text $ELSE text $END.
func (k *compiler) choice(keep bool) {
	taken := !keep
	first, at := k.i, len(k.out)
	defer func() {
		if keep { // comments before $IF
			k.moved[first] = at
		}
	}()
	for k.directive() == "$IF" || k.directive() == "$ELSIF" {
		k.step(false)
		yes := false
		if taken {
			for k.in[k.i].Kind != kEOF && k.directive() != "$THEN" {
				k.step(false)
			}
		} else {
			b, ok := k.or().(bool)
			yes = ok && b
		}
		k.expect("$THEN")
		k.text(yes)
		taken = taken || yes
	}
	if k.directive() == "$ELSE" {
		k.step(false)
		k.text(!taken)
	}
	k.expect("$END")
}

// word is the word at hand in upper case, "" if there is none.
func (k *compiler) word() string {
	t := &k.in[k.i]
	if t.Kind != kIdent && t.Kind < kAll {
		return ""
	}
	return strings.ToUpper(k.ts.Text(t))
}

func (k *compiler) or() staticValue {
	v := k.and()
	for k.word() == "OR" {
		k.step(false)
		v = either(v, k.and(), true)
	}
	return v
}

func (k *compiler) and() staticValue {
	v := k.not()
	for k.word() == "AND" {
		k.step(false)
		v = either(v, k.not(), false)
	}
	return v
}

// either is a OR b where strong is true, a AND b where it is false, with three values.
func either(a, b staticValue, strong bool) staticValue {
	switch {
	case a == strong || b == strong:
		return strong
	case a == nil || b == nil:
		return nil
	}
	return !strong
}

func (k *compiler) not() staticValue {
	if k.word() != "NOT" {
		return k.comparison()
	}
	k.step(false)
	if b, ok := k.not().(bool); ok {
		return !b
	}
	return nil
}

func (k *compiler) comparison() staticValue {
	l := k.sum()
	if k.word() == "IS" {
		k.step(false)
		not := k.word() == "NOT"
		if not {
			k.step(false)
		}
		if k.word() != "NULL" {
			k.fail(codeSyntax, "syntax error: expected NULL")
		}
		k.step(false)
		return (l == nil) != not
	}
	op := k.in[k.i].Kind
	switch op {
	case kEq, kNE, kLT, kLE, kGT, kGE:
		k.step(false)
		r := k.sum()
		if l == nil || r == nil {
			return nil
		}
		n, ok := ordered(l, r)
		if !ok {
			k.fail(codeCondition, "the condition compares values of different kinds")
		}
		switch op {
		case kEq:
			return n == 0
		case kNE:
			return n != 0
		case kLT:
			return n < 0
		case kLE:
			return n <= 0
		case kGT:
			return n > 0
		}
		return n >= 0
	}
	return l
}

// ordered compares two values; ok is false if they are of different kinds.
func ordered(a, b staticValue) (n int, ok bool) {
	switch x := a.(type) {
	case int:
		y, ok := b.(int)
		return x - y, ok
	case string:
		y, ok := b.(string)
		return strings.Compare(x, y), ok
	case bool:
		y, ok := b.(bool)
		if x == y {
			return 0, ok
		}
		return 1, ok
	}
	return 0, false
}

// sum reads operands with + and - between them; NULL makes NULL.
func (k *compiler) sum() staticValue {
	v := k.product()
	for {
		op := k.in[k.i].Kind
		if op != kPlus && op != kMinus {
			return v
		}
		k.step(false)
		v = k.arithmetic(op, v, k.product())
	}
}

// product reads operands with * between them.
func (k *compiler) product() staticValue {
	v := k.operand()
	for k.in[k.i].Kind == kStar {
		k.step(false)
		v = k.arithmetic(kStar, v, k.operand())
	}
	return v
}

// mostStatic is the greatest number that is reckoned with: what goes beyond PLS_INTEGER is an error on the source.
const mostStatic = 1<<31 - 1

func (k *compiler) arithmetic(op scan.Kind, a, b staticValue) staticValue {
	if a == nil || b == nil {
		return nil
	}
	x, isX := a.(int)
	y, isY := b.(int)
	if !isX || !isY || max(x, -x) > mostStatic || max(y, -y) > mostStatic {
		k.fail(codeCondition, "the expression is not one of integers")
	}
	switch op {
	case kPlus:
		return x + y
	case kMinus:
		return x - y
	}
	return x * y
}

func (k *compiler) operand() staticValue {
	t := k.in[k.i]
	text := k.ts.Text(&t)
	switch t.Kind {
	case kLP:
		k.step(false)
		v := k.or()
		if k.in[k.i].Kind != kRP {
			k.fail(codeSyntax, `syntax error: expected ")"`)
		}
		k.step(false)
		return v
	case kNumber:
		n, err := strconv.Atoi(text)
		if err != nil {
			k.fail(codeCondition, "the number "+text+" is no integer")
		}
		k.step(false)
		return n
	case kString:
		k.step(false)
		return decodeString(text)
	case kInquiry:
		v, ok := inquiry(k.flags, text)
		if !ok {
			k.fail(codeCondition, "the value of "+text+" is not known")
		}
		k.step(false)
		return v
	}
	switch k.word() {
	case "TRUE", "FALSE":
		v := k.word() == "TRUE"
		k.step(false)
		return v
	case "NULL":
		k.step(false)
		return nil
	}
	return k.constant()
}

// constant reads a constant of a package; those of DBMS_DB_VERSION are known.
func (k *compiler) constant() staticValue {
	first := k.i
	for {
		if x := k.in[k.i].Kind; x != kIdent && x != kQIdent && (x < kAll || k.i > first) {
			break
		}
		k.step(false)
		if k.in[k.i].Kind != kDot {
			break
		}
		k.step(false)
	}
	if k.i == first {
		k.fail(codeSyntax, "syntax error in a condition of conditional compilation")
	}
	name := strings.ToUpper(k.ts.Span(first, k.i-1).Text())
	name = strings.TrimPrefix(name, "SYS.")
	if name == "ORA_MAX_NAME_LEN" || name == "STANDARD.ORA_MAX_NAME_LEN" {
		return k.longestName()
	}
	what, ok := strings.CutPrefix(name, "DBMS_DB_VERSION.")
	if ok {
		version, release := k.version.Major, k.version.Minor
		switch what {
		case "VERSION":
			return version
		case "RELEASE":
			return release
		}
		var v, r int
		parts := strings.Split(strings.TrimPrefix(what, "VER_LE_"), "_")
		if strings.HasPrefix(what, "VER_LE_") && len(parts) <= 2 {
			var err error
			v, err = strconv.Atoi(parts[0])
			r = 1 << 20
			if err == nil && len(parts) == 2 {
				r, err = strconv.Atoi(parts[1])
			}
			if err == nil {
				return version < v || version == v && release <= r
			}
		}
	}
	if v, ok := k.declared(name); ok {
		return v
	}
	k.i = first
	k.fail(codeCondition, "the value of "+name+" is not known")
	return nil
}

// declared is the value of a constant of a package of the input; its schema tells nothing, as packages of one name with different
// values are not known.
func (k *compiler) declared(name string) (staticValue, bool) {
	if k.static == nil {
		return nil, false
	}
	parts := strings.Split(strings.ReplaceAll(name, `"`, ""), ".")
	switch n := len(parts); {
	case n == 1 && k.pack != "":
		return k.static(k.pack + "." + name)
	case n >= 2:
		return k.static(parts[n-2] + "." + parts[n-1])
	}
	return nil, false
}

// longestName is ORA_MAX_NAME_LEN: names have 128 bytes since 12.2.
func (k *compiler) longestName() staticValue {
	if k.version.Major < 12 || k.version.Major == 12 && k.version.Minor < 2 {
		return 30
	}
	return 128
}

// parseFlags reads name:value, ...
func parseFlags(s string) map[string]staticValue {
	m := map[string]staticValue{}
	for _, f := range strings.Split(s, ",") {
		name, value, ok := strings.Cut(f, ":")
		if !ok {
			continue
		}
		name, value = strings.ToUpper(strings.TrimSpace(name)), strings.ToUpper(strings.TrimSpace(value))
		switch n, err := strconv.Atoi(value); {
		case err == nil:
			m[name] = n
		case value == "TRUE", value == "FALSE":
			m[name] = value == "TRUE"
		case value == "NULL":
			m[name] = nil
		}
	}
	return m
}

// inquiry is the value of $$name; ok is false for those that depend on the server. A flag that nothing sets is NULL.
func inquiry(flags map[string]staticValue, text string) (v staticValue, ok bool) {
	name := strings.ToUpper(strings.TrimPrefix(text, "$$"))
	if v, ok := flags[name]; ok {
		return v, true
	}
	switch name {
	case "PLSQL_CODE_TYPE":
		return "INTERPRETED", true
	case "PLSQL_OPTIMIZE_LEVEL":
		return 2, true
	case "PLSQL_DEBUG":
		return false, true
	case "PLSQL_UNIT", "PLSQL_UNIT_OWNER", "PLSQL_UNIT_TYPE", "PLSQL_LINE", "PLSCOPE_SETTINGS", "NLS_LENGTH_SEMANTICS", "PLSQL_CCFLAGS", "PLSQL_WARNINGS":
		return nil, false
	}
	return nil, true
}

// unitPlace is where $$PLSQL_UNIT and its likes stand.
type unitPlace struct {
	kind, name, owner string
	line              int // of the first line of the unit's source
}

// placeOf tells what unit the tokens make, for inquiries.
func (p *parser) placeOf(j *job, ts *scan.Tokens) unitPlace {
	u := j.unit(source.Span{})
	name(u, p, ts)
	at := unitPlace{kind: strings.ToUpper(u.Kind), name: u.Name, owner: u.Schema}
	first := 0
	if u.Name == "" {
		at.kind = "ANONYMOUS BLOCK"
	} else {
		for i := range ts.List {
			if strings.HasPrefix(at.kind, strings.ToUpper(ts.Text(&ts.List[i]))) && ts.List[i].Kind != kEOF {
				first = i
				break
			}
		}
	}
	at.line = ts.Span(first, first).Line()
	return at
}

// inquiry reads $$name: its value when the code is compiled.
func (p *parser) inquiry() ir.Expr {
	i := p.Expect(kInquiry)
	text := p.TextAt(i)
	v, ok := inquiry(parseFlags(p.state.settings[ccflags]), text)
	if !ok {
		v, ok = p.here.value(strings.ToUpper(text), p.Span(i).Line())
	}
	if !ok {
		p.giveUp(i, codeCondition, "the value of "+text)
	}
	m := p.sinceExpr(i)
	switch v := v.(type) {
	case bool:
		return &ir.Bool{ExprMeta: m, Value: v}
	case int:
		return &ir.Number{ExprMeta: m, Text: strconv.Itoa(v)}
	case string:
		return &ir.String{ExprMeta: m, Value: v}
	}
	return &ir.Null{ExprMeta: m}
}

// value is what an inquiry about the unit gives at a line of the source.
func (at *unitPlace) value(inquiry string, line int) (v staticValue, ok bool) {
	switch inquiry {
	case "$$PLSQL_LINE":
		return line - at.line + 1, true
	case "$$PLSQL_UNIT":
		if at.name == "" {
			return nil, true
		}
		return at.name, true
	case "$$PLSQL_UNIT_TYPE":
		return at.kind, true
	case "$$PLSQL_UNIT_OWNER":
		return at.owner, at.owner != ""
	}
	return nil, false
}
