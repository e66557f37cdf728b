export { ToldScreen } from './told-screen.ts'
