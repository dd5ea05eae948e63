import { runtime } from '../../../../server/running.ts';

async function handle(request: Request): Promise<Response> {
  return (await runtime()).auth.handler(request);
}

export { handle as GET, handle as POST };
