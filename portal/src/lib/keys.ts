import { onBeforeUnmount, onMounted, ref } from 'vue';

const OFF = 'santong.keys-off';

/** Single letters can be switched off (WCAG 2.1.4); chords with Control stay. */
export const lettersAreOn = ref(localStorage.getItem(OFF) === null);

export function switchLetters(isOn: boolean): void {
  lettersAreOn.value = isOn;
  if (isOn) localStorage.removeItem(OFF);
  else localStorage.setItem(OFF, '1');
}

/** Keys by name, `Control+Enter` or `a`, while the component is there. Letters work outside of fields and dialogs only. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  function pressed(event: KeyboardEvent): void {
    // What a browser fills in by itself comes as a key without a name.
    if (event.altKey || event.isComposing || !(event instanceof KeyboardEvent)) return;
    const isChord = event.ctrlKey || event.metaKey;
    const name = `${isChord ? 'Control+' : ''}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
    const act = keys[name];
    if (!act || (!isChord && (!lettersAreOn.value || isTyping(event.target)))) return;
    event.preventDefault();
    act();
  }
  onMounted(() => document.addEventListener('keydown', pressed));
  onBeforeUnmount(() => document.removeEventListener('keydown', pressed));
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('input, textarea, select, [role=dialog]') !== null;
}
