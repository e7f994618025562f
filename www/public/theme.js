// The colours that the visitor chose, before anything is painted: see www/theme.ts.
try {
  const theme = localStorage.getItem('guidance-playground-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage may be forbidden: the system's colours, then.
}

// The lab that the address asks for: see www/lab-switch.ts.
const lab = /^#v=.*&lab=(\w+)/.exec(location.hash);
if (lab) document.documentElement.dataset.lab = lab[1];
