import { QueryClientProvider } from '@tanstack/react-query';
import { NextIntlClientProvider } from 'next-intl';
import { renderToStaticMarkup } from 'react-dom/server';
import errors from '../../messages/en.errors.json' with { type: 'json' };
import messages from '../../messages/en.json' with { type: 'json' };
import type { JournalEntry, Operation } from '../../model/operation/operation.ts';
import { createApiClient, createCache } from '../live/client.ts';
import { TRPCProvider } from '../live/trpc.ts';
import { useProblemText } from '../problem/problem-text.ts';
import { Journal } from './journal.tsx';
import { useWhat } from './operation-texts.ts';
import { useCancelTexts, useStepTexts } from './step-texts.ts';

interface Known {
  readonly operation: Operation;
  readonly entries: readonly JournalEntry[];
}

/** What pages say about an operation, as HTML. Throws where a text is missing or can't be filled. */
export function operationAsHtml(known: Known): string {
  const cache = createCache(() => {});
  return renderToStaticMarkup(
    <NextIntlClientProvider
      locale="en"
      timeZone="UTC"
      messages={{ ...messages, errors }}
      onError={(error) => {
        throw error;
      }}
    >
      <QueryClientProvider client={cache}>
        <TRPCProvider trpcClient={createApiClient()} queryClient={cache}>
          <Texts {...known} />
        </TRPCProvider>
      </QueryClientProvider>
    </NextIntlClientProvider>,
  );
}

function Texts({ operation, entries }: Known) {
  const { plan, problem } = operation;
  const what = useWhat();
  const stepText = useStepTexts();
  const cancelText = useCancelTexts();
  const problemText = useProblemText();
  const problems = [...plan.warnings, ...plan.refusals, ...(problem === null ? [] : [problem])];
  return (
    <>
      <h1>{what(operation)}</h1>
      {plan.steps.map((step) => (
        <p key={step.kind}>
          {stepText(plan, step)} {cancelText(step)}
        </p>
      ))}
      {problems.map((one) => (
        <p key={one.code}>{problemText(one)}</p>
      ))}
      <Journal plan={plan} entries={entries} />
    </>
  );
}
