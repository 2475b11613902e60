import { defineStore } from 'pinia';
import { computed, ref } from 'vue';
import { ProblemError, type Api, type Me } from '../api/index.ts';

/** Who is signed in; null = nobody, undefined = not asked yet. */
export const useSession = defineStore('session', () => {
  const me = ref<Me | null>();
  const roles = computed(() => new Set(me.value?.grants.map((grant) => grant.role)));

  async function load(api: Api): Promise<Me | null> {
    try {
      me.value = await api.get<Me>('/me');
    } catch (error) {
      if (!(error instanceof ProblemError) || error.code !== 'not-signed-in') throw error;
      me.value = null;
    }
    return me.value ?? null;
  }
  async function signIn(api: Api, login: string, password: string): Promise<void> {
    await api.post('/session', { login, password });
    await load(api);
  }
  return { me, roles, load, signIn };
});

/** The page where somebody's own drafts are. */
export const draftsPage = (me: Me): string => (me.kind === 'staff' ? '/start' : '/desk');

/** The person who is signed in; only for pages behind the sign-in. */
export function useMe(): Me {
  const { me } = useSession();
  if (!me) throw new Error('nobody is signed in');
  return me;
}
