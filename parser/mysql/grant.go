package mysql

import (
	"strings"

	"godwit/ir"
	"godwit/parser/scan"
)

// accountWords reads the tokens of a statement about accounts, which are told by their texts.
type accountWords struct {
	p    *parser
	i, j int
}

func (w *accountWords) kind() scan.Kind {
	if w.i >= w.j {
		return kEOF
	}
	return w.p.At(w.i).Kind
}

// word is the word at hand in upper case, "" at the end and for what is none.
func (w *accountWords) word() string {
	if k := w.kind(); w.i < w.j && k != kString && k != kQIdent && k != kUserVar {
		return w.p.upper(w.i)
	}
	return ""
}

func (w *accountWords) accept(words ...string) bool {
	at := w.i
	for _, x := range words {
		if w.word() != x {
			w.i = at
			return false
		}
		w.i++
	}
	return true
}

// account reads name[@host]; ok is false if there is none.
func (w *accountWords) account() (a ir.Account, ok bool) {
	switch {
	case w.i >= w.j:
		return a, false
	case w.kind() == kString || w.kind() == kQIdent:
		a.Name = w.p.plain(w.i)
	case w.word() == "" || !isIdentPart(w.word()[0]):
		return a, false
	default:
		a.Name = w.p.TextAt(w.i)
	}
	w.i++
	if w.kind() == kUserVar {
		a.Host = strings.Trim(strings.TrimPrefix(w.p.TextAt(w.i), "@"), "'\"`")
		w.i++
	}
	if w.kind() == kLP { // CURRENT_USER()
		w.i += 2
	}
	return a, true
}

// list reads accounts with commas. What stands behind one (a password, say) is passed over.
func (w *accountWords) list() []ir.Account {
	var out []ir.Account
	for {
		a, ok := w.account()
		if !ok {
			return out
		}
		out = append(out, a)
		for depth := 0; w.i < w.j && (depth > 0 || w.kind() != kComma && w.word() != "WITH"); w.i++ {
			switch w.kind() {
			case kLP:
				depth++
			case kRP:
				depth--
			}
		}
		if w.kind() != kComma {
			return out
		}
		w.i++
	}
}

// grant reads GRANT or REVOKE of the tokens from i to j.
func (p *parser) grant(i, j int) ir.Stmt {
	w := &accountWords{p: p, i: i + 1, j: j}
	g := &ir.Grant{StmtMeta: p.sinceStmt(i), Kind: "grant", Revoke: p.upper(i) == "REVOKE"}
	other := func(what string) ir.Stmt {
		g.Kind, g.What = "other", p.upper(i)+" "+what
		return g
	}
	if w.accept("IF", "EXISTS") {
		g.Exists = true
	}
	g.Option = g.Revoke && (w.accept("GRANT", "OPTION", "FOR") || w.accept("ADMIN", "OPTION", "FOR"))
	if w.word() == "PROXY" {
		return other("PROXY")
	}
	to, on := -1, -1
	for k := w.i; k < j; k++ {
		switch x := p.At(k).Kind; {
		case x == kOn && on < 0 && to < 0:
			on = k
		case (x == kTo || x == kFrom) && to < 0:
			to = k
		}
	}
	if to < 0 {
		return p.refuse(i, codeSyntax, p.upper(i)+" of this form")
	}
	last := &accountWords{p: p, i: to + 1, j: j}
	if on < 0 {
		roles := (&accountWords{p: p, i: w.i, j: to}).list()
		g.Accounts = last.list()
		for _, r := range roles {
			if n := strings.ToUpper(r.Name); n == "ALL" || n == "GRANT" {
				return other("ALL PRIVILEGES, GRANT OPTION")
			}
		}
		g.Kind, g.Roles = "grant role", roles
		g.Option = g.Option || last.accept("WITH", "ADMIN", "OPTION")
		return g
	}
	head := &accountWords{p: p, i: w.i, j: on}
	if g.Privileges = head.privileges(); g.Privileges == nil {
		return p.refuse(i, codeSyntax, p.upper(i)+" of this form")
	}
	if !(&accountWords{p: p, i: on + 1, j: to}).object(g) {
		return p.refuse(i, codeSyntax, p.upper(i)+" ON of this form")
	}
	g.Accounts = last.list()
	for k := last.i; k+1 < j; k++ {
		g.Option = g.Option || p.upper(k) == "GRANT" && p.upper(k+1) == "OPTION"
	}
	return g
}

// privileges reads names of one or more words, each perhaps with columns; nil if they are not of this form.
func (w *accountWords) privileges() []ir.Privilege {
	var out []ir.Privilege
	for w.i < w.j {
		x := ir.Privilege{}
		for w.i < w.j && w.kind() != kComma && w.kind() != kLP {
			if w.word() == "" {
				return nil
			}
			x.Name = strings.TrimSpace(x.Name + " " + w.word())
			w.i++
		}
		if w.kind() == kLP {
			for w.i++; w.i < w.j && w.kind() != kRP; w.i++ {
				if w.kind() != kComma {
					x.Columns = append(x.Columns, w.p.identAt(w.i).Text)
				}
			}
			w.i++
		}
		out = append(out, x)
		if w.i < w.j && w.kind() != kComma {
			return nil
		}
		w.i++
	}
	return out
}

// object reads [TABLE | PROCEDURE | FUNCTION | PACKAGE [BODY]] *.*, db.*, *, [db.]name.
func (w *accountWords) object(g *ir.Grant) bool {
	g.On = "table"
	if w.i+1 < w.j && w.p.At(w.i+1).Kind != kDot {
		switch x := w.word(); x {
		case "TABLE", "PROCEDURE", "FUNCTION", "PACKAGE":
			g.On = strings.ToLower(x)
			w.i++
			w.accept("BODY")
		}
	}
	name := func() string {
		w.i++
		if w.p.At(w.i-1).Kind == kStar {
			return "*"
		}
		return w.p.identAt(w.i - 1).Text
	}
	if w.i >= w.j {
		return false
	}
	if g.Object = name(); w.kind() == kDot {
		w.i++
		if w.i >= w.j {
			return false
		}
		if g.Schema, g.Object = g.Object, name(); g.Schema == w.p.state.dumped {
			g.Schema = ""
		}
	}
	return w.i == w.j
}

// aboutAccounts is a statement that changes accounts in a way that has no counterpart. It is not kept as text: it may hold a password.
func (p *parser) aboutAccounts(i int, what string) ir.Stmt {
	p.soup()
	return &ir.Grant{StmtMeta: p.sinceStmt(i), Kind: "other", What: what}
}

// accounts reads CREATE or DROP of users or roles behind the word USER or ROLE; the statement begins at the i-th token.
func (p *parser) accounts(i int, kind string, replace bool) ir.Stmt {
	from := i
	for w := p.upper(from); w != "USER" && w != "ROLE"; w = p.upper(from) {
		from++
	}
	w := &accountWords{p: p, i: from + 1, j: p.Pos}
	g := &ir.Grant{StmtMeta: p.sinceStmt(i), Kind: kind, Replace: replace}
	g.Exists = w.accept("IF", "NOT", "EXISTS") || w.accept("IF", "EXISTS")
	g.Accounts = w.list()
	for k := from; k+1 < p.Pos; k++ {
		g.Locked = g.Locked || p.upper(k) == "ACCOUNT" && p.upper(k+1) == "LOCK"
	}
	if len(g.Accounts) == 0 {
		return p.refuse(i, codeAdmin, strings.ToUpper(kind)+" of this form")
	}
	return g
}
