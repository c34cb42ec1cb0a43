package migrate

import (
	"fmt"

	"go.yaml.in/yaml/v3"

	"godwit/runner/change"
)

// Values says what happens to values that the target cannot hold. Nothing is ever changed without being asked for.
type Values struct {
	// ZeroDates says what becomes of dates with a zero part: "stop" (default), "null", a date such as "0001-01-01" that replaces them, or
	// "except": the row goes to table godwit.exceptions of the target, in the load and in the stream (needs apply.on_error: except).
	ZeroDates string `yaml:"zero_dates"`
	// NUL says what becomes of NUL characters in text: "stop" (default), "strip", "replace:X" with the replacement X, or "except".
	NUL string `yaml:"nul"`
	// InvalidText says what becomes of bytes that are no text in their column's character set: "stop" (default), "replace" by
	// U+FFFD, one for each character (labels of ENUM and SET: by what the source's schema shows), or "except". In columns of primary
	// and unique keys nothing is replaced: they stop.
	InvalidText string `yaml:"invalid_text"`
	// Columns are policies of single columns, by schema.table.column as the source spells it, such as
	// shop.orders.shipped: {zero_dates: "null"}; what is not given there is as above.
	Columns map[string]ColumnValues `yaml:"columns"`
}

// ColumnValues are the policies of a single column.
type ColumnValues struct {
	ZeroDates   string `yaml:"zero_dates"`   // like values.zero_dates; "null" is not for a column that is NOT NULL
	NUL         string `yaml:"nul"`          // like values.nul
	InvalidText string `yaml:"invalid_text"` // like values.invalid_text
}

// UnmarshalYAML decodes policies; zero_dates: null without quotes is meant as the word.
func (v *Values) UnmarshalYAML(n *yaml.Node) error {
	return entries(n, "values", func(key string, n *yaml.Node) error {
		switch key {
		case "zero_dates":
			return policyWord(n, &v.ZeroDates)
		case "nul":
			return n.Decode(&v.NUL)
		case "invalid_text":
			return n.Decode(&v.InvalidText)
		case "columns":
			v.Columns = map[string]ColumnValues{}
			return entries(n, "values.columns", func(name string, n *yaml.Node) error {
				var c ColumnValues
				if err := c.decode(n, "values.columns."+name); err != nil {
					return err
				}
				v.Columns[name] = c
				return nil
			})
		}
		return errUnknown
	})
}

func (c *ColumnValues) decode(n *yaml.Node, path string) error {
	return entries(n, path, func(key string, n *yaml.Node) error {
		switch key {
		case "zero_dates":
			return policyWord(n, &c.ZeroDates)
		case "nul":
			return n.Decode(&c.NUL)
		case "invalid_text":
			return n.Decode(&c.InvalidText)
		}
		return errUnknown
	})
}

var errUnknown = fmt.Errorf("unknown key")

// entries hands over the members of a mapping; null has none.
func entries(n *yaml.Node, path string, each func(key string, value *yaml.Node) error) error {
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	if n.ShortTag() == "!!null" {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return fmt.Errorf("line %d: %s must be a mapping", n.Line, path)
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		if seen[key.Value] {
			return fmt.Errorf("line %d: %s.%s is given twice", key.Line, path, key.Value)
		}
		seen[key.Value] = true
		if err := each(key.Value, n.Content[i+1]); err == errUnknown {
			return fmt.Errorf("line %d: field %s not found in %s", key.Line, key.Value, path)
		} else if err != nil {
			return err
		}
	}
	return nil
}

// policyWord decodes a text of which null is a word.
func policyWord(n *yaml.Node, to *string) error {
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" && n.Value == "null" {
		*to = "null"
		return nil
	}
	if n.Kind == yaml.ScalarNode && n.ShortTag() == "!!timestamp" {
		*to = n.Value
		return nil
	}
	return n.Decode(to)
}

// Policy is the policy in the words of those who follow it.
func (v Values) Policy() change.Policy {
	p := change.Policy{ZeroDates: v.ZeroDates, NUL: v.NUL, InvalidText: v.InvalidText}
	for name, c := range v.Columns {
		if p.Columns == nil {
			p.Columns = map[string]change.Policy{}
		}
		p.Columns[name] = change.Policy{ZeroDates: c.ZeroDates, NUL: c.NUL, InvalidText: c.InvalidText}
	}
	return p
}
