//go:build !race

package godwit

// raceDetector tells that the tests run with the race detector.
const raceDetector = false
