package postgres

import (
	"godwit/emit/postgres/helpers"
	"strconv"
	"strings"

	"godwit/emit"
	"godwit/ir"
	"godwit/ir/op"
)

// Spelling says how the target writes an operation, or an aggregate.
type Spelling struct {
	// Template is the target's text. $1, $2, ... stand for the arguments, $* for all of them with commas between; arguments
	// between "(" or "," and "," or ")" are printed bare, others get parentheses where they are no closed piece.
	// "$1" that the call does not have makes the call inexpressible, so give a Spelling per number of arguments in ByCount.
	// A Template without "(" and "$" is the name of a function or aggregate: "lower" is "lower($*)".
	Template string
	// ByCount are templates for calls with that many arguments; Template is for all others ("" for none).
	ByCount map[int]string
	// Units are templates by time unit, Words by keyword argument, for operations that take one.
	Units, Words map[string]string
	// Helpers are the helper routines that the template calls (rules note them in the unit).
	Helpers []string
}

// Spells tells whether the function table can print the operation as it stands.
func (e *Emitter) Spells(o op.Op) bool {
	_, ok := functions[o]
	return ok
}

// Immutable tells that calls of a helper routine, or of a function of the target, always give the same for the same arguments.
func (e *Emitter) Immutable(helper, function string) bool {
	if helper != "" {
		return helpers.Immutable(e.opt.Family, helper)
	}
	return !unsettled[function]
}

// unsettled are functions of the target that depend on settings or the moment whatever their arguments are (pg_proc.provolatile); date_trunc,
// extract and to_timestamp do for some.
var unsettled = map[string]bool{
	"array_to_string": true, "clock_timestamp": true, "concat": true, "concat_ws": true, "convert_from": true, "convert_to": true, "current_schema": true,
	"current_setting": true, "current_user": true, "format": true, "gen_random_uuid": true, "jsonb_build_array": true, "jsonb_build_object": true,
	"jsonb_populate_record": true, "nextval": true, "now": true, "pg_backend_pid": true, "random": true, "session_user": true, "statement_timestamp": true,
	"to_char": true, "to_date": true, "to_json": true, "to_jsonb": true, "to_number": true,
}

// template finds the text for one call.
func (s Spelling) template(args int, unit, word string) string {
	switch {
	case unit != "":
		return s.Units[unit]
	case word != "":
		return s.Words[word]
	}
	if t, ok := s.ByCount[args]; ok {
		return t
	}
	return s.Template
}

func (p *printer) operation(x *ir.Call) (emit.Doc, int) {
	s, ok := functions[x.Op]
	t := ""
	if ok {
		t = s.template(len(x.Args), x.Unit, x.Word)
	}
	if t == "" {
		p.fail(x, "the function "+strings.TrimSpace(x.Name+" "+string(x.Op)))
		return txt("NULL"), precPrimary
	}
	if !strings.ContainsAny(t, "($") {
		return call(t, p.exprs(x.Args)), precPrimary
	}
	d, ok := p.fill(t, x.Args)
	if !ok {
		p.fail(x, "the function "+x.Name+" with this number of arguments")
	}
	return d, templatePrec(t)
}

// fill puts the arguments into a template.
func (p *printer) fill(t string, args []ir.Expr) (emit.Doc, bool) {
	var docs []emit.Doc
	start := 0
	for i := 0; i < len(t); i++ {
		if t[i] != '$' || i+1 == len(t) {
			continue
		}
		before, end := t[start:i], i+2
		if t[i+1] == '*' {
			docs = append(docs, emit.Text(before), p.exprs(args))
		} else {
			for end < len(t) && t[end] >= '0' && t[end] <= '9' {
				end++
			}
			n, err := strconv.Atoi(t[i+1 : end])
			if err != nil || n < 1 || n > len(args) {
				return txt("NULL"), false
			}
			docs = append(docs, emit.Text(before), p.expr(args[n-1], slotPrec(t[:i], t[end:])))
		}
		start, i = end, end-1
	}
	return emit.Group(append(docs, emit.Text(t[start:]))...), true
}

// slotPrec tells how tightly an argument has to bind between what stands before and behind it in a template.
func slotPrec(before, behind string) int {
	before, behind = strings.TrimRight(before, " "), strings.TrimLeft(behind, " ")
	if (strings.HasSuffix(before, "(") || strings.HasSuffix(before, ",")) &&
		(strings.HasPrefix(behind, ")") || strings.HasPrefix(behind, ",")) {
		return precAny
	}
	return precCast
}

// templatePrec is precPrimary for one call or one pair of parentheses, precCast for one cast of those, and otherwise unknown:
// parentheses everywhere.
func templatePrec(t string) int {
	open := strings.IndexByte(t, '(')
	if open < 0 || strings.ContainsAny(t[:open], " $:'") {
		return precAny
	}
	depth := 0
	for i := open; i < len(t); i++ {
		switch t[i] {
		case '(':
			depth++
		case ')':
			depth--
		}
		if depth == 0 && i < len(t)-1 {
			if kind, ok := strings.CutPrefix(t[i+1:], "::"); ok && !strings.ContainsAny(kind, " ()$:") {
				return precCast
			}
			return precAny
		}
	}
	return precPrimary
}

// aggregateName is the target's name of an aggregate or window function.
func (p *printer) aggregateName(x *ir.Aggregate) (string, bool) {
	if x.TargetName != "" {
		return x.TargetName, true
	}
	s, ok := functions[x.Op]
	if !ok || strings.ContainsAny(s.Template, "($") || s.Template == "" {
		return "NULL", false
	}
	return s.Template, true
}
