package change

import (
	"encoding/hex"
	"encoding/json"
	"strings"
	"unicode/utf8"

	"godwit/ir/types"
)

// Image is a row as a JSON object of its columns' canonical values, nil for none; bytes that are no text are {"hex": "..."}.
func Image(t *Table, rows []Row) []byte {
	if rows == nil {
		return nil
	}
	var b strings.Builder
	for i, v := range rows[0] {
		if i == 0 {
			b.WriteByte('{')
		} else {
			b.WriteByte(',')
		}
		b.Write(jsonText(t.Columns[i].Name))
		b.WriteByte(':')
		b.Write(imageValue(t.Columns[i].Type, v))
	}
	b.WriteByte('}')
	return []byte(b.String())
}

func imageValue(ty types.Type, v Value) []byte {
	if v == nil {
		return []byte("null")
	}
	v, marked := Marked(ty, v)
	if text := isText(ty); CanMark(ty) && utf8.Valid(v) && !(marked && text) {
		return jsonText(string(v))
	}
	return []byte(`{"hex":"` + hex.EncodeToString(v) + `"}`)
}

// isText tells the types whose marked values are bytes in a character set of their own.
func isText(ty types.Type) bool {
	switch ty.(type) {
	case types.Text, types.Enum, types.Set:
		return true
	}
	return false
}

func jsonText(s string) []byte {
	b, err := json.Marshal(s)
	if err != nil { // strings always have a form
		return []byte("null")
	}
	return b
}
