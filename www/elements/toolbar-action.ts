export type ToolbarCommand =
  | 'undo'
  | 'redo'
  | 'reset'
  | 'copy-link'
  | 'copy-element'
  | 'copy-frame'
  | 'add'
  | 'closer'
  | 'farther'
  | 'overview'
  | 'close-up';

export class ToolbarAction extends Event {
  constructor(readonly command: ToolbarCommand) {
    super('toolbar-action');
  }
}
