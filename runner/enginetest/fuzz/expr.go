package fuzz

import "fmt"

// columnIn is a column of the scope, or a literal if there is none of the kind.
func (g *Generator) columnIn(k Kind) *Node {
	if cols := g.scope[k]; len(cols) > 0 {
		return leaf(k, cols[g.r.IntN(len(cols))])
	}
	return g.literal(k)
}

func (g *Generator) literal(k Kind) *Node {
	if g.chance(4) {
		return leaf(k, "NULL")
	}
	switch k {
	case Number:
		return leaf(k, g.pick("0", "1", "2", "3", "-1", "7", "10", "100", "1.5", "-0.5", "2.50", "0.1", "1e2", "123456789"))
	case Text:
		return leaf(k, quote(texts[g.r.IntN(len(texts))]))
	case Date:
		return leaf(k, g.pick("DATE ", "")+quote(dates[g.r.IntN(len(dates))]))
	case Moment:
		return leaf(k, "TIMESTAMP "+quote(dates[g.r.IntN(len(dates))]+" "+clocks[g.r.IntN(len(clocks))]))
	}
	return leaf(k, g.pick("1 = 1", "TRUE", "FALSE", "NULL IS NULL"))
}

// Expr is an expression of a kind. Now and then it is of another kind, because the source converts everything.
func (g *Generator) Expr(k Kind) *Node {
	if g.depth <= 0 || g.chance(22) {
		if g.chance(70) {
			return g.columnIn(k)
		}
		return g.literal(k)
	}
	g.depth--
	defer func() { g.depth++ }()
	switch k {
	case Number:
		return g.number()
	case Text:
		return g.text()
	case Date:
		return g.date()
	case Moment:
		return g.moment()
	}
	return g.Cond()
}

func (g *Generator) anyKind() Kind {
	return []Kind{Number, Number, Text, Text, Date, Moment}[g.r.IntN(6)]
}

// loose is an expression of a kind, or now and then of another.
func (g *Generator) loose(k Kind) *Node {
	if g.chance(6) {
		k = g.anyKind()
	}
	return g.Expr(k)
}

func (g *Generator) number() *Node {
	x := func() *Node { return g.Expr(Number) }
	return g.one(
		func() *Node { return form(Number, "($ "+g.pick("+", "-", "*")+" $)", g.loose(Number), x()) },
		func() *Node { return form(Number, "($ "+g.pick("/", "DIV", "/")+" $)", x(), x()) },
		// MariaDB makes a negative zero of the remainder of a negative decimal, and finds it unequal to zero.
		func() *Node { return form(Number, "(ABS($) % $)", x(), x()) },
		func() *Node {
			return form(Number, g.pick("ABS", "SIGN", "FLOOR", "CEILING", "ROUND", "-", "+")+"($)", x())
		},
		func() *Node {
			return form(Number, g.pick("ROUND", "TRUNCATE")+"($, "+g.pick("0", "1", "2", "-1")+")", x())
		},
		func() *Node {
			return form(Number, g.pick("IFNULL", "NULLIF", "COALESCE", "GREATEST", "LEAST")+"($, $)", x(), x())
		},
		func() *Node { return form(Number, "IF($, $, $)", g.Cond(), x(), x()) },
		func() *Node { return form(Number, "CASE WHEN $ THEN $ ELSE $ END", g.Cond(), x(), x()) },
		func() *Node { return form(Number, "CASE $ WHEN $ THEN $ WHEN $ THEN $ END", x(), x(), x(), x(), x()) },
		func() *Node { return form(Number, g.pick("LENGTH", "CHAR_LENGTH", "ASCII")+"($)", g.loose(Text)) },
		func() *Node {
			return form(Number, g.pick("LOCATE", "INSTR", "STRCMP")+"($, $)", g.Expr(Text), g.Expr(Text))
		},
		func() *Node {
			return form(Number, g.pick("YEAR", "MONTH", "DAY", "DAYOFWEEK", "WEEKDAY", "DAYOFYEAR", "QUARTER", "TO_DAYS", "LAST_DAY")+"($)", g.Expr(Date))
		},
		func() *Node { return form(Number, g.pick("HOUR", "MINUTE", "SECOND")+"($)", g.Expr(Moment)) },
		func() *Node { return form(Number, "DATEDIFF($, $)", g.Expr(Date), g.Expr(Date)) },
		func() *Node {
			return form(Number, "TIMESTAMPDIFF("+g.pick("DAY", "HOUR", "MONTH", "YEAR", "MINUTE")+", $, $)", g.Expr(Moment), g.Expr(Moment))
		},
		func() *Node {
			return form(Number, "CAST($ AS "+g.pick("SIGNED", "DECIMAL(10,2)", "DECIMAL(12,4)")+")", g.loose(Number))
		},
		func() *Node { return form(Number, "($)", g.Cond()) },
		func() *Node { return form(Number, "($ "+g.pick("&", "|", "^")+" $)", x(), x()) },
		func() *Node {
			if g.outer { // as with ELT below
				return g.columnIn(Number)
			}
			return form(Number, "FIELD($, $, $)", g.Expr(Text), g.Expr(Text), g.Expr(Text))
		},
	)
}

func (g *Generator) text() *Node {
	x := func() *Node { return g.Expr(Text) }
	small := func() string { return g.pick("0", "1", "2", "3", "-2", "5") }
	return g.one(
		func() *Node { return form(Text, "CONCAT($, $)", g.loose(Text), g.loose(Text)) },
		func() *Node { return form(Text, "CONCAT_WS($, $, $)", leaf(Text, "','"), g.loose(Text), g.loose(Text)) },
		func() *Node {
			return form(Text, g.pick("UPPER", "LOWER", "TRIM", "LTRIM", "RTRIM", "REVERSE")+"($)", x())
		},
		func() *Node { return form(Text, "SUBSTRING($, "+small()+")", x()) },
		func() *Node { return form(Text, "SUBSTRING($, "+small()+", "+small()+")", x()) },
		func() *Node { return form(Text, g.pick("LEFT", "RIGHT", "REPEAT")+"($, "+small()+")", x()) },
		func() *Node {
			return form(Text, g.pick("LPAD", "RPAD")+"($, "+g.pick("2", "5", "8")+", $)", x(), leaf(Text, g.pick("'*'", "'ab'")))
		},
		// Versions of the source give the text itself for a NULL as the replacement when nothing is found: a literal stands there.
		func() *Node {
			return form(Text, "REPLACE($, $, $)", x(), leaf(Text, g.pick("'a'", "'b'", "'A'")), leaf(Text, quote(texts[g.r.IntN(len(texts))])))
		},
		func() *Node {
			return form(Text, g.pick("IFNULL", "NULLIF", "COALESCE", "GREATEST", "LEAST")+"($, $)", x(), x())
		},
		func() *Node { return form(Text, "IF($, $, $)", g.Cond(), x(), x()) },
		func() *Node { return form(Text, "CASE WHEN $ THEN $ ELSE $ END", g.Cond(), x(), x()) },
		func() *Node { return form(Text, "SUBSTRING_INDEX($, ',', "+g.pick("1", "-1", "2")+")", x()) },
		func() *Node {
			return form(Text, "DATE_FORMAT($, '"+g.pick("%Y-%m-%d", "%d.%m.%y", "%H:%i", "%M %e", "%W %j")+"')", g.Expr(Moment))
		},
		func() *Node { return form(Text, "CAST($ AS CHAR)", g.Expr(g.anyKind())) },
		func() *Node { return form(Text, "CAST($ AS CHAR("+g.pick("3", "5")+"))", x()) },
		func() *Node {
			if g.outer { // the source takes rows out of an outer join for which ELT gives a value of the other table
				return x()
			}
			return form(Text, "ELT("+g.pick("1", "2", "3")+", $, $)", x(), x())
		},
		func() *Node { return form(Text, "HEX($)", x()) },
	)
}

func (g *Generator) interval() string {
	return fmt.Sprintf("INTERVAL %s %s", g.pick("1", "2", "-1", "30", "13"), g.pick("DAY", "MONTH", "YEAR", "WEEK", "QUARTER"))
}

func (g *Generator) date() *Node {
	return g.one(
		func() *Node {
			return form(Date, g.pick("DATE_ADD", "DATE_SUB")+"($, "+g.interval()+")", g.columnIn(Date))
		},
		func() *Node { return form(Date, "($ + "+g.interval()+")", g.columnIn(Date)) },
		func() *Node { return form(Date, "LAST_DAY($)", g.Expr(Date)) },
		func() *Node { return form(Date, "DATE($)", g.Expr(Moment)) },
		func() *Node { return form(Date, "COALESCE($, $)", g.columnIn(Date), g.columnIn(Date)) },
		func() *Node { return form(Date, "IF($, $, $)", g.Cond(), g.columnIn(Date), g.columnIn(Date)) },
	)
}

func (g *Generator) moment() *Node {
	return g.one(
		func() *Node {
			return form(Moment, g.pick("DATE_ADD", "DATE_SUB")+"($, INTERVAL "+g.pick("1", "90", "-5")+" "+g.pick("HOUR", "MINUTE", "SECOND", "DAY", "MONTH")+")", g.columnIn(Moment))
		},
		func() *Node { return form(Moment, "COALESCE($, $)", g.columnIn(Moment), g.columnIn(Moment)) },
		func() *Node { return form(Moment, "CAST($ AS DATETIME)", g.columnIn(Date)) },
		func() *Node { return form(Moment, "TIMESTAMP($)", g.columnIn(Moment)) },
	)
}

// Cond is a condition.
func (g *Generator) Cond() *Node {
	if g.depth <= 0 {
		return form(Cond, "$ "+g.pick("=", "<>", "<", ">=")+" $", g.columnIn(Number), g.literal(Number))
	}
	g.depth--
	defer func() { g.depth++ }()
	return g.one(g.compare, g.compare, g.compare,
		func() *Node { return form(Cond, "($ "+g.pick("AND", "OR", "XOR", "AND")+" $)", g.Cond(), g.Cond()) },
		func() *Node { return form(Cond, "NOT ($)", g.Cond()) },
		func() *Node { return form(Cond, "$ IS "+g.pick("", "NOT ")+"NULL", g.Expr(g.anyKind())) },
		func() *Node {
			return form(Cond, "$ "+g.pick("", "NOT ")+"IN ($, $, $)", g.Expr(Number), g.Expr(Number), g.Expr(Number), g.loose(Number))
		},
		func() *Node {
			return form(Cond, "$ "+g.pick("", "NOT ")+"IN ($, $)", g.Expr(Text), g.Expr(Text), g.Expr(Text))
		},
		func() *Node {
			return form(Cond, "$ "+g.pick("", "NOT ")+"BETWEEN $ AND $", g.Expr(Number), g.Expr(Number), g.Expr(Number))
		},
		func() *Node {
			return form(Cond, "$ "+g.pick("", "NOT ")+"LIKE "+g.pick("'a%'", "'%b%'", "'_bc'", "'%é%'", "'a\\_b'", "'AB_'"), g.Expr(Text))
		},
		func() *Node {
			if g.inner { // MariaDB compares a column of the query around wrongly with a pattern
				return g.compare()
			}
			return form(Cond, "$ REGEXP "+g.pick("'^a'", "'b.*c'", "'[0-9]+'"), g.columnIn(Text))
		},
		// MySQL 8.0.15 drops the fraction of a number that is the whole condition (WHERE 1 / 3 is false), which is its bug.
		func() *Node { return form(Cond, "ROUND($)", g.Expr(Number)) },
		g.truth,
	)
}

func (g *Generator) compare() *Node {
	k := g.anyKind()
	return form(Cond, "$ "+g.pick("=", "<>", "<", "<=", ">", ">=", "<=>")+" $", g.Expr(k), g.loose(k))
}

// truth is a test of a condition. MySQL 8.0.15 takes the rows out of an outer join that such tests keep, which is its bug.
func (g *Generator) truth() *Node {
	if g.outer {
		return g.Cond()
	}
	return form(Cond, "$ IS "+g.pick("", "NOT ")+g.pick("TRUE", "FALSE"), g.Cond())
}
