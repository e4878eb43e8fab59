import { onScopeDispose, type Ref, ref } from 'vue';

/** Whether the screen is one on which rows are cards and a route is a list (portal.md, Width). */
export function useIsNarrow(): Ref<boolean> {
  const query = matchMedia('(max-width: 767px)');
  const isNarrow = ref(query.matches);
  const follow = (): void => {
    isNarrow.value = query.matches;
  };
  query.addEventListener('change', follow);
  onScopeDispose(() => query.removeEventListener('change', follow));
  return isNarrow;
}
