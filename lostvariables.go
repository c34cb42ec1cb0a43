package godwit

import (
	"regexp"
	"strings"

	"godwit/ir"
	"godwit/ir/catalog"
	"godwit/ir/diag"
	"godwit/ir/rewrite/control"
)

// lostVariable refuses what reads a variable that a refused statement should have set: it would go on with NULL, or with the value before.
var lostVariable = &diag.Code{
	ID: "NM0810", Title: "a user variable that a refused statement sets", Severity: diag.Error, Fidelity: diag.Refused,
	Doc:  "The statement reads a user variable that a statement before it sets, and that one is refused. On the target the variable would be NULL, or have the value that it had before.",
	Next: "Convert the statement that sets the variable by hand (see its own findings), and this one behind it.",
	Each: 0.1,
}

// lostKey is the key of the session's variables, by name, that refused statements of the script set.
const lostKey = "lostvariables"

// someVariable finds a user variable, and what follows it.
const someVariable = "@(?:`([^`]+)`|'([^']+)'|\"([^\"]+)\"|([\\w.$]+))"

var (
	setStart    = regexp.MustCompile(`(?i)^(?:\s|/\*(?:![0-9]*|[^!].*?\*/))*(set|call)\b`)
	anyVariable = regexp.MustCompile(someVariable)
	assigned    = regexp.MustCompile(someVariable + `\s*(:?=)`)
	intoList    = regexp.MustCompile(`(?i)\binto\s+(` + someVariable + `(?:\s*,\s*` + someVariable + `)*)`)
)

// assignedIn are the user variables that the text of a statement sets, in lower case: those behind CALL are taken to be results.
func assignedIn(text string) []string {
	if !strings.Contains(text, "@") {
		return nil
	}
	var out []string
	add := func(m []string) { out = append(out, strings.ToLower(strings.Join(m, ""))) }
	word := ""
	if m := setStart.FindStringSubmatch(text); m != nil {
		word = strings.ToLower(m[1])
	}
	if word == "call" {
		for _, m := range anyVariable.FindAllStringSubmatch(text, -1) {
			add(m[1:])
		}
		return out
	}
	for _, m := range assigned.FindAllStringSubmatch(text, -1) {
		if m[5] == ":=" || word == "set" {
			add(m[1:5])
		}
	}
	for _, list := range intoList.FindAllStringSubmatch(text, -1) {
		for _, m := range anyVariable.FindAllStringSubmatch(list[1], -1) {
			add(m[1:])
		}
	}
	return out
}

// withVariables calls lower for a unit, unless it reads a variable that is lost, and notes what becomes of the variables that it sets.
func (p *pipeline) withVariables(u *Unit, lower func()) {
	lost, _ := p.session.State[lostKey].(map[string]bool)
	loose := !u.rows && (len(u.Stmts) == 0 || !standsApart(u.Stmts[0]))
	if loose && len(lost) > 0 && !isRefused(u.Unit) {
		if name := lostRead(u.Unit, lost); name != "" {
			u.Report(lostVariable.New(u.Source, "it reads @%s, which a refused statement sets", name))
			p.refuse(u, lostVariable.ID, "reads @"+name)
		}
	}
	lower()
	switch refused := isRefused(u.Unit); {
	case !loose || !refused && len(lost) == 0:
	case refused:
		for _, name := range assignedIn(u.Text) {
			if lost == nil {
				lost = map[string]bool{}
				p.session.State[lostKey] = lost
			}
			lost[name] = true
		}
	default:
		for _, name := range assignedIn(u.Text) {
			delete(lost, name)
		}
	}
}

// standsApart tells a routine, trigger or event: what it does comes when it is called.
func standsApart(s ir.Stmt) bool {
	_, block := s.(*ir.Block)
	return control.IsProgram(s) && !block
}

// lostRead names a lost variable that a unit reads, "" if there is none.
func lostRead(u *ir.Unit, lost map[string]bool) string {
	name, targets := "", map[ir.Expr]bool{}
	into := func(list []ir.Expr) {
		for _, e := range list {
			targets[e] = true
		}
	}
	for _, s := range u.Stmts {
		ir.Walk(s, func(n ir.Node) bool {
			switch n := n.(type) {
			case *ir.SetItem:
				targets[n.Target] = true
			case *ir.AssignExpr:
				targets[n.Target] = true
			case *ir.Select:
				into(n.Into)
			case *ir.CallProc:
				into(results(n))
			case *ir.UserVar:
				if name == "" && lost[strings.ToLower(n.Name)] && !targets[n] {
					name = n.Name
				}
			}
			return true
		})
	}
	return name
}

// results are the arguments of a call that the routine only gives a value to.
func results(c *ir.CallProc) []ir.Expr {
	if c.Routine == nil {
		return nil
	}
	var out []ir.Expr
	for i, a := range c.Args {
		if i < len(c.Routine.Params) && c.Routine.Params[i].Mode == catalog.Out {
			out = append(out, a)
		}
	}
	return out
}
