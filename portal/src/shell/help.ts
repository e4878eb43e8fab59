import { ref } from 'vue';

/** Whether the list of all keys is shown. */
export const helpIsOpen = ref(false);
