/** `post-session-transfer/dialogflow`: what a Dialogflow CX agent says, typed. Nothing of the package loads it. */
export type {
  ButtonsMessage,
  ComplexMessage,
  DialogflowMessage,
  EndMessage,
  EscalationMessage,
  LiveAgentHandoffMessage,
  MediaMessage,
  Medium,
  MessageButton,
  SessionVariable,
  TextMessage,
  UnknownMessage,
} from "./dialogflow/messages.js";
export { parseMessages } from "./dialogflow/parse.js";
