// Package op names the canonical built-in operations: functions whose meaning is fixed here, whatever a dialect calls them.
package op

// Op is a canonical operation such as "text.lower". The empty Op is a function that is not known.
type Op string
