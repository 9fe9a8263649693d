import type { Texts } from './texts.ts';

const both = (first: string | null, rewards: readonly string[]) =>
  new Intl.ListFormat('pt-PT').format([...(first === null ? [] : [first]), ...rewards]);

export const pt: Texts = {
  language: 'pt-PT',
  hello: (name) => (name === null ? 'Olá,' : `Olá ${name},`),
  count: (unit, count, written) => {
    const one = unit === 'stamp' ? 'carimbo' : 'ponto';
    return `${written} ${one}${count === 1 ? '' : 's'}`;
  },
  welcome: ({ brand }) => ({
    subject: `Boas-vindas: ${brand}`,
    preview: 'O seu cartão está pronto: mostre-o sempre que pagar.',
    heading: `Boas-vindas: ${brand}`,
    paragraphs: [
      'É bom tê-lo connosco. A partir de agora, cada visita conta: mostre o seu cartão ao pagar e veja, quando quiser, o que já juntou.',
    ],
    button: 'Ver o meu cartão',
    closing: 'Cada carimbo e cada ponto traz a sua explicação, para que saiba sempre porquê.',
    why: `Recebe esta mensagem porque aderiu: ${brand}.`,
  }),
  reward: ({ brand, reward }) => ({
    subject: `O seu prémio está pronto: ${reward}`,
    preview: `Mostre o seu cartão para o usar. ${brand}`,
    heading: 'O seu prémio está pronto',
    paragraphs: [`Ganhou um prémio (${brand}). Mostre o seu cartão quando o quiser usar.`],
    label: 'O seu prémio',
    validUntil: (day) => `Válido até ${day}`,
    button: 'Ver os meus prémios',
    why: `Recebe esta mensagem porque tem um cartão: ${brand}.`,
  }),
  expiry: ({ brand, amount, rewards, day }) => ({
    subject: `Use até ${day}: ${both(amount, rewards)}`,
    preview: `O que juntou está quase a expirar. ${brand}`,
    heading: 'Parte do que juntou está quase a expirar',
    paragraphs: [`Ainda vai a tempo de o usar: ${brand}.`],
    label: both(amount, rewards),
    until: `Válido até ao fim do dia ${day}`,
    button: 'Ver o meu cartão',
    why: `Recebe esta mensagem porque tem um cartão: ${brand}.`,
  }),
  level: ({ brand, level }) => ({
    subject: `Alcançou um nível: ${level}`,
    preview: `Obrigado por voltar. ${brand}`,
    heading: `Alcançou o nível ${level}`,
    paragraphs: [
      `As suas visitas trouxeram-no até aqui (${brand}). Conta a partir da próxima visita.`,
    ],
    label: 'O seu nível',
    until: (day) => `Seu pelo menos até ${day}`,
    button: 'Ver o meu cartão',
    why: `Recebe esta mensagem porque tem um cartão: ${brand}.`,
  }),
  levelEnds: ({ brand, level, next, missing, day }) => ({
    subject: `Mantenha ${level}: faltam ${missing} até ${day}`,
    preview: `O que falta para ficar onde está. ${brand}`,
    heading: `O seu nível termina em breve: ${level}`,
    paragraphs: [
      next === null
        ? `Com mais ${missing} até ao fim do dia ${day}, mantém-no (${brand}). Caso contrário, termina nesse dia.`
        : `Com mais ${missing} até ao fim do dia ${day}, mantém-no (${brand}). Caso contrário, passa a ${next}.`,
    ],
    label: `Para manter ${level}`,
    button: 'Ver o meu cartão',
    why: `Recebe esta mensagem porque tem um cartão: ${brand}.`,
  }),
  invitation: ({ business, role }) => ({
    subject: `Convite para o Regulars: ${business}`,
    preview: 'Inicie sessão com este endereço para aceitar.',
    heading: `Tem um convite: ${business}`,
    paragraphs: [
      `${business} incluiu-o na sua equipa. A sua função: ${role}.`,
      'Inicie sessão com este endereço de e-mail para aceitar. Se ainda não tem conta, crie primeiro uma com este endereço.',
    ],
    button: 'Aceitar o convite',
    closing: 'Se não sabe do que se trata, não faça nada: sem a sua sessão, nada acontece.',
    why: `Recebe esta mensagem uma única vez, porque o seu endereço foi indicado: ${business}.`,
  }),
  roles: {
    owner: 'proprietário',
    manager: 'gerente',
    cashier: 'operador de caixa',
    analyst: 'analista',
  },
  week: ({ business, period }) => ({
    subject: `${business}: a sua semana, ${period}`,
    preview: 'Vendas, clientes e prémios, comparados com a semana anterior.',
    heading: 'A sua semana',
    paragraphs: [`${business}, ${period}, ao lado da semana anterior.`],
    button: 'Abrir o relatório completo',
    why: `Recebe esta mensagem todas as segundas-feiras porque é proprietário: ${business}.`,
  }),
  figures: {
    sales: 'Vendas',
    revenue: 'Receita',
    customers: 'Clientes que compraram',
    newCustomers: 'Clientes novos',
    rewardsIssued: 'Prémios ganhos',
    rewardsRedeemed: 'Prémios usados',
  },
  sameAsBefore: 'igual',
  endpointDisabled: ({ business, endpoint, reason }) => ({
    subject: `${business}: um webhook foi desligado`,
    preview: 'O que perdeu pode ser reenviado.',
    heading: 'Um webhook foi desligado',
    paragraphs: [
      reason === 'gone'
        ? `«${endpoint}» respondeu que já não existe (410), por isso deixámos de enviar.`
        : `«${endpoint}» há dias que não aceita o que enviamos, por isso deixámos de enviar.`,
      'Repare-o, volte a ligá-lo e peça o reenvio do que perdeu: guardamos tudo durante 30 dias.',
    ],
    button: 'Ver o webhook',
    why: `Recebe esta mensagem porque é proprietário: ${business}.`,
  }),
  code: ({ purpose, brand }) => ({
    subject:
      purpose === 'new-password'
        ? 'O seu código para uma nova palavra-passe'
        : `O seu código: ${brand}`,
    preview: 'É válido por pouco tempo.',
    heading:
      purpose === 'new-password'
        ? 'Escolha uma nova palavra-passe'
        : 'Este endereço de e-mail é seu?',
    paragraphs: [
      purpose === 'new-password'
        ? 'Introduza este código e escolha depois uma nova palavra-passe.'
        : 'Introduza este código para o confirmar.',
    ],
    label: 'O seu código',
    note: 'Nunca ninguém nosso lho pedirá.',
    closing: 'Se não pediu isto, alguém se enganou no endereço. Não precisa de fazer nada.',
    why: 'Recebe esta mensagem porque alguém indicou este endereço.',
  }),
  unsubscribe: {
    welcome: 'Não receber mais mensagens',
    reward: 'Não receber mensagens sobre prémios',
    expiry: 'Não receber avisos de expiração',
    level: 'Não receber mensagens sobre níveis',
    'weekly-report': 'Não receber relatórios semanais',
    'endpoint-disabled': 'Não receber mensagens sobre webhooks',
  },
};
