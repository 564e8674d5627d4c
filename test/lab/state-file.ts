/** Names the JSON file that global-setup.ts wrote: a LabState, or `{"error": "why there is no lab"}`. */
export const stateVariable = 'GOCD_ECR_TASK_LAB';
