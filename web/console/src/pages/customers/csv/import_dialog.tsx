// SPDX-License-Identifier: Apache-2.0
// Customers from a CSV file: choose it, say which column is what, look at what would come of it, import.
import {
  Alert,
  Button,
  Checkbox,
  FileButton,
  Group,
  Modal,
  ScrollArea,
  Select,
  SimpleGrid,
  Stack,
  Table,
  Text,
} from '@mantine/core';
import { useMemo, useState } from 'react';
import { FormError } from '../../../components/form_error';
import { Icon } from '../../../components/icon';
import { useAction } from '../../../lib/action';
import { usePeople } from '../../../lib/people';
import { useStatuses } from '../../../lib/statuses';
import { useT, useTexts } from '../../../texts/context';
import type { BulkPlan } from '../bulk/bulk';
import { BulkDialog } from '../bulk/bulk_dialog';
import {
  guessMapping,
  hasProblem,
  type ImportField,
  type ImportRow,
  importFields,
  type Known,
  type Mapping,
  readRows,
} from './mapping';
import { FileProblem, importLimits, type ParsedFile, type ParseProblem, parseFile } from './parse';
import { stepsOf } from './steps';

const previewRows = 50;

export function ImportDialog({ onClose }: { onClose: () => void }) {
  const t = useT();
  const [file, setFile] = useState<ParsedFile>();
  const [problem, setProblem] = useState<ParseProblem>();
  const [plan, setPlan] = useState<BulkPlan>();
  const [over, setOver] = useState(false);
  const choose = async (chosen: File | null) => {
    if (!chosen) return;
    setProblem(undefined);
    try {
      setFile(await parseFile(chosen));
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      setProblem(error.problem);
    }
  };
  if (plan)
    return <BulkDialog plan={plan} ask={false} onClose={(finished) => (finished ? onClose() : setPlan(undefined))} />;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('import.title')}
      size={file ? 'xl' : 'md'}
      closeButtonProps={{ 'aria-label': t('common.close') }}
    >
      {file ? (
        <Preview file={file} onBack={() => setFile(undefined)} onImport={setPlan} />
      ) : (
        <Stack>
          {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way beside the button inside */}
          <div
            className="drop"
            data-over={over || undefined}
            onDragOver={(event) => {
              event.preventDefault();
              setOver(true);
            }}
            onDragLeave={() => setOver(false)}
            onDrop={(event) => {
              event.preventDefault();
              setOver(false);
              void choose(event.dataTransfer.files[0] ?? null);
            }}
          >
            <Icon name="upload" size={28} />
            <Text size="sm">{t('import.drop')}</Text>
            <FileButton onChange={(chosen) => void choose(chosen)} accept=".csv,text/csv,text/plain">
              {(props) => (
                <Button {...props} variant="default" data-autofocus>
                  {t('import.choose')}
                </Button>
              )}
            </FileButton>
          </div>
          <Text size="xs" c="dimmed">
            {t('import.hint', { n: importLimits.rowsMax })}
          </Text>
          <FormError text={problem && t(`import.${problem}`, { n: importLimits.rowsMax })} />
        </Stack>
      )}
    </Modal>
  );
}

function useKnown(): Known {
  const statuses = useStatuses();
  const people = usePeople();
  return useMemo(
    () => ({
      statuses: new Map(
        statuses.all.flatMap(({ name }) => [name, statuses.label(name)].map((word) => [word.toLowerCase(), name])),
      ),
      users: new Map(
        people.active.flatMap(({ id, name, email }) => [id, name, email].map((word) => [word.toLowerCase(), id])),
      ),
    }),
    [statuses, people],
  );
}

interface PreviewProps {
  readonly file: ParsedFile;
  readonly onBack: () => void;
  readonly onImport: (plan: BulkPlan) => void;
}

function Preview({ file, onBack, onImport }: PreviewProps) {
  const t = useT();
  const texts = useTexts();
  const known = useKnown();
  const [mapping, setMapping] = useState<Mapping>(() => guessMapping(file.heading));
  const [onlyProblems, setOnlyProblems] = useState(false);
  const rows = useMemo(() => readRows(file.rows, mapping, known), [file, mapping, known]);
  const good = rows.filter((row) => !hasProblem(row));
  const bad = rows.length - good.length;
  const begin = useAction(async () => onImport({ steps: await stepsOf(good, file.digest), unchanged: 0 }));
  return (
    <Stack>
      <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="sm">
        {importFields.map((field) => (
          <ColumnSelect key={field} {...{ field, heading: file.heading, mapping, onChange: setMapping }} />
        ))}
      </SimpleGrid>
      <Group justify="space-between">
        <Text size="sm" role="status">
          {texts.count('import.good', good.length)}
          {bad > 0 && ` · ${texts.count('import.bad', bad)}`}
        </Text>
        {bad > 0 && (
          <Checkbox
            size="xs"
            label={t('import.only_problems')}
            checked={onlyProblems}
            onChange={() => setOnlyProblems(!onlyProblems)}
          />
        )}
      </Group>
      <PreviewTable rows={(onlyProblems ? rows.filter(hasProblem) : rows).slice(0, previewRows)} mapping={mapping} />
      {bad > 0 && (
        <Alert color="yellow" icon={<Icon name="alert" />}>
          {t('import.bad_text')}
        </Alert>
      )}
      <Group justify="space-between">
        <Button variant="default" onClick={onBack}>
          {t('import.other_file')}
        </Button>
        <Button disabled={good.length === 0} loading={begin.busy} onClick={() => void begin.run()}>
          {texts.count('import.begin', good.length)}
        </Button>
      </Group>
    </Stack>
  );
}

interface ColumnProps {
  readonly field: ImportField;
  readonly heading: readonly string[];
  readonly mapping: Mapping;
  readonly onChange: (mapping: Mapping) => void;
}

function ColumnSelect({ field, heading, mapping, onChange }: ColumnProps) {
  const t = useT();
  const { [field]: column, ...rest } = mapping;
  return (
    <Select
      size="xs"
      label={t(`field.${field}`)}
      placeholder={t('import.no_column')}
      clearable={field !== 'name'}
      required={field === 'name'}
      data={heading.map((title, index) => ({
        value: String(index),
        label: title || t('import.column', { n: index + 1 }),
      }))}
      value={column === undefined ? null : String(column)}
      onChange={(next) => onChange(next === null ? rest : { ...rest, [field]: Number(next) })}
    />
  );
}

function PreviewTable({ rows, mapping }: { rows: readonly ImportRow[]; mapping: Mapping }) {
  const t = useT();
  const shown = importFields.filter((field) => field === 'name' || mapping[field] !== undefined);
  return (
    <ScrollArea h={300} type="auto" className="framed" viewportProps={{ tabIndex: 0 }}>
      <Table miw={560} verticalSpacing={6} stickyHeader fz="xs">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('import.line')}</Table.Th>
            {shown.map((field) => (
              <Table.Th key={field}>{t(`field.${field}`)}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ line, cells, problems }) => (
            <Table.Tr key={line}>
              <Table.Td c="dimmed">{line}</Table.Td>
              {shown.map((field) => (
                <Table.Td key={field}>
                  {mapping[field] !== undefined && cells[mapping[field]]}
                  {problems[field] && (
                    <Text size="xs" c="red">
                      {t(`import.${problems[field]}`)}
                    </Text>
                  )}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  );
}
