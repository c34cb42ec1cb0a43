package godwit

import "strconv"

// findingsText is findings.json: what json.MarshalIndent makes of Findings, which takes five times as long.
func (c *Conversion) findingsText() string {
	list := c.Findings()
	if len(list) == 0 {
		return "[]\n"
	}
	buf := make([]byte, 0, 400*len(list))
	for i := range list {
		sep := ",\n"
		if i == 0 {
			sep = "[\n"
		}
		buf = list[i].appendJSON(append(buf, sep...))
	}
	return string(append(buf, "\n]\n"...))
}

func (f *FolderFinding) appendJSON(buf []byte) []byte {
	text := func(start, s string) { buf = appendJSON(append(buf, start...), s) }
	text("  {\n    \"code\": ", f.Code)
	text(",\n    \"severity\": ", f.Severity.String())
	text(",\n    \"outcome\": ", f.Outcome.String())
	text(",\n    \"object\": ", f.Object)
	text(",\n    \"file\": ", f.File)
	buf = strconv.AppendInt(append(buf, ",\n    \"line\": "...), int64(f.Line), 10)
	text(",\n    \"message\": ", f.Message)
	if f.Next != "" {
		text(",\n    \"next\": ", f.Next)
	}
	return append(buf, "\n  }"...)
}
