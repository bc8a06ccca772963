"""The tests mirror the package; browser/ holds those that need a real one."""
