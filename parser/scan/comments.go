package scan

import "godwit/ir"

// Attach gives a node the comments that stand before its first token and behind its last one, the current token being the one behind
// it; more tells that the current token is a comma or the like, whose comments belong to what it follows. Parts take their comments
// before what they are part of, and each comment is taken once. Statements take all that is left within them.
func (c *Cursor) Attach(n ir.Node, first int, more bool) {
	if l := c.Tokens.Comments; len(l) == 0 || l[len(l)-1].Before < first {
		return
	}
	m, end := n.Base(), max(c.Pos-1, first)
	from, trail, to := c.Tokens.CommentsBefore(first)
	if first > 0 {
		from = trail
	}
	lead := c.Fresh(nil, from, to)
	if _, ok := n.(ir.Stmt); ok {
		from, _, _ = c.Tokens.CommentsBefore(first + 1)
		_, _, to = c.Tokens.CommentsBefore(end)
		if from < to {
			m.Trail = c.Fresh(m.Trail, from, to)
		}
	}
	if len(lead) > 0 {
		m.Lead = append(lead, m.Lead...)
	}
	if more {
		from, trail, _ = c.Tokens.CommentsBefore(end + 1)
		m.Trail = c.Fresh(m.Trail, from, trail)
		end++
	}
	from, trail, _ = c.Tokens.CommentsBefore(end + 1)
	m.Trail = c.Fresh(m.Trail, from, trail)
}

// Fresh appends the comments from i to j that no node has taken yet, and takes them. Hints belong to their query.
func (c *Cursor) Fresh(out []ir.Comment, i, j int) []ir.Comment {
	for ; i < j; i++ {
		if !c.taken[i] && !c.Tokens.Comments[i].Hint {
			if out == nil {
				out = make([]ir.Comment, 0, j-i)
			}
			c.taken[i] = true
			out = append(out, c.Tokens.Comment(i))
		}
	}
	return out
}
